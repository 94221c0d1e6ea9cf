-- Blocks of our documents, from the Markdown tree to what each format asks for.
-- Text inside tables and figures comes as JSON and is never parsed as Markdown (see rendering/livrables/blocs.py).

local M = {}

local STYLES = {
  alerte = "Alerte", attention = "Attention", note = "Note", emetteur = "Emetteur", etat = "Etat", projet = "EtatProjet",
  fictif = "Fictif", periode = "Periode", soustitre = "SousTitre", visas = "Visa", lecture = "TitreFigure",
  notetableau = "NoteTableau", signature = "Signataire", figure = "Figure", fiche = "Fiche", cle = "Chiffre",
}
local RUPTURE = {
  docx = pandoc.RawBlock("openxml", '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'),
  odt = pandoc.RawBlock("opendocument", '<text:p text:style-name="Rupture"></text:p>'),
  typst = pandoc.RawBlock("typst", "#pagebreak(weak: true)"),
}

-- A text as a Typst string literal.
local function quote(text)
  return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"'):gsub("\n", "\\n") .. '"'
end

local function array(values, write)
  local parts = {}
  for _, value in ipairs(values) do parts[#parts + 1] = write(value) end
  return "(" .. table.concat(parts, ", ") .. (#parts == 1 and ",)" or ")")
end

-- Plain text as one inline: writers wrap nothing, and hundreds of words a table cost as many objects.
local function inlines(text)
  return pandoc.Inlines({ pandoc.Str(text) })
end

local function paragraphs(text)
  local found = pandoc.Blocks({})
  for line in (text .. "\n"):gmatch("([^\n]*)\n") do found:insert(pandoc.Plain(inlines(line))) end
  return found
end

local function styled(class, content)
  return pandoc.Div(content, pandoc.Attr("", {}, { ["custom-style"] = STYLES[class] }))
end

local function styled_text(class, text)
  return styled(class, { pandoc.Para(inlines(text)) })
end

local function typst_table(data)
  return pandoc.RawBlock("typst", "#tableau(\n  legende: " .. quote(data.legende)
    .. ",\n  cachee: " .. tostring(data.cachee)
    .. ",\n  entetes: " .. array(data.entetes, quote)
    .. ",\n  largeurs: " .. array(data.largeurs, function(share) return ("%.2f%%"):format(share * 100) end)
    .. ",\n  nombres: " .. array(data.nombres, tostring)
    .. ",\n  entete-de-ligne: " .. tostring(data.entete_de_ligne)
    .. ",\n  notes: " .. array(data.notes, quote)
    .. ",\n  lignes: " .. array(data.lignes, function(row) return array(row, quote) end) .. ",\n)")
end

local function native_table(data, format)
  local aligns, cells = {}, function(row)
    local made = {}
    for _, text in ipairs(row) do made[#made + 1] = pandoc.Cell(paragraphs(text)) end
    return pandoc.Row(made)
  end
  for index, share in ipairs(data.largeurs) do
    aligns[index] = { data.nombres[index] and pandoc.AlignRight or pandoc.AlignLeft, share }
  end
  local rows = {}
  for index, row in ipairs(data.lignes) do rows[index] = cells(row) end
  local body = { body = rows, head = {}, attr = pandoc.Attr(), row_head_columns = data.entete_de_ligne and 1 or 0 }
  local caption = (data.cachee or format == "pptx") and {} or { pandoc.Plain(inlines(data.legende)) }
  local head = pandoc.TableHead({ cells(data.entetes) })
  local made = pandoc.Blocks({ pandoc.Table(pandoc.Caption(caption), aligns, head, { body }, pandoc.TableFoot()) })
  if format == "pptx" then return made end
  for _, note in ipairs(data.notes) do made:insert(styled_text("notetableau", note)) end
  return made
end

local function figure(data, format)
  if format == "typst" then
    return pandoc.RawBlock("typst", ("#dessin(%s, alt: %s, lecture: %s)"):format(
      quote(data.image .. ".svg"), quote(data.alt), quote(data.lecture)))
  end
  local width = format == "pptx" and "20cm" or "17cm"
  local image = pandoc.Image(inlines(data.alt), data.image .. ".png", "", { width = width })
  if format == "pptx" then return pandoc.Para({ image }) end
  return pandoc.Blocks({ styled_text("lecture", data.lecture), styled("figure", { pandoc.Plain({ image }) }) })
end

-- The list of parts, for formats that have no page numbers to give; Typst makes its own.
local function outline(blocks, format)
  if format == "typst" then return pandoc.RawBlock("typst", "#sommaire()") end
  local lines = pandoc.List({})
  for _, block in ipairs(blocks) do
    if block.t == "Header" and block.level == 1 and not block.classes:includes("unlisted") then
      lines:insert({ pandoc.Plain({ pandoc.Link(block.content, "#" .. block.identifier) }) })
    end
  end
  return pandoc.BulletList(lines)
end

local function heading(travail, format)
  local ident = travail.ident
  if format == "typst" then return pandoc.RawBlock("typst", "#ouverture()") end
  local made = pandoc.Blocks({
    styled("emetteur", { pandoc.Para({ pandoc.Strong(inlines(ident.ministere)) }), pandoc.Para(inlines(ident.structure)) }),
    pandoc.Div({ pandoc.Para(inlines(travail.titre)) }, pandoc.Attr("", {}, { ["custom-style"] = "Title" })),
  })
  if ident.soustitre ~= "" then made:insert(styled_text("soustitre", ident.soustitre)) end
  made:insert(styled_text("periode", ident.periode))
  made:insert(styled_text(ident.etat:find("^PROJET") and "projet" or "etat", ident.etat))
  if ident.fictif ~= "" then made:insert(styled_text("fictif", ident.fictif)) end
  return made
end

local function typst_head(travail)
  local ident, fields = travail.ident, {}
  for _, name in ipairs({ "court", "ministere", "structure", "soustitre", "periode", "etat", "fictif" }) do
    fields[#fields + 1] = name .. ": " .. quote(ident[name])
  end
  return pandoc.RawBlock("typst", '#import "page.typ": *\n#show: livrable.with(titre: ' .. quote(travail.titre)
    .. ", paysage: " .. tostring(travail.paysage) .. ", " .. table.concat(fields, ", ") .. ")")
end

-- One Div of ours: a page break, the outline, or a styled passage.
local function div(block, blocks, format)
  local class = block.classes[1]
  if class == "rupture" then
    if format == "bureau" then return block end
    return RUPTURE[format] or pandoc.Blocks({})
  end
  if class == "sommaire" then return outline(blocks, format) end
  if not STYLES[class] then return nil end
  if format == "pptx" then return block.content end
  if format ~= "typst" then
    block.attributes["custom-style"] = STYLES[class]
    return block
  end
  local made = pandoc.Blocks({ pandoc.RawBlock("typst", '#bloc("' .. class .. '")[') })
  made:extend(block.content)
  made:insert(pandoc.RawBlock("typst", "]"))
  return made
end

local function transform(blocks, format, travail)
  local filter = {
    traverse = "topdown",
    CodeBlock = function(block)
      local kind = block.classes[1]
      if kind == "vigie-tableau" then
        local data = pandoc.json.decode(block.text, false)
        return format == "typst" and typst_table(data) or native_table(data, format)
      elseif kind == "vigie-figure" then
        return figure(pandoc.json.decode(block.text, false), format)
      end
    end,
    Div = function(block) return div(block, blocks, format) end,
  }
  local made = pandoc.Blocks({})
  if format == "typst" then made:insert(typst_head(travail)) end
  if format ~= "pptx" then made:extend(pandoc.Blocks(heading(travail, format))) end
  made:extend(blocks:walk(filter))
  return made
end

-- DOCX and ODT differ by their page breaks alone: the tree is made once for both.
function M.prepare(blocks, format, travail, shared)
  if not RUPTURE[format] or format == "typst" then return transform(blocks, format, travail) end
  shared.bureau = shared.bureau or transform(blocks, "bureau", travail)
  return shared.bureau:map(function(block)
    if block.t == "Div" and block.classes[1] == "rupture" then return RUPTURE[format] end
    return block
  end)
end

return M
