-- Blocks of our documents, from the Markdown tree to what each format asks for.
-- Text inside tables, figures and lists comes as JSON and is never parsed as Markdown (see rendering/livrables/blocs.py).

local tableaux = require("tableaux")

local M = {}
local quote = tableaux.quote

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

-- Plain text as one inline: writers wrap nothing, and hundreds of words a table cost as many objects.
local function inlines(text)
  return pandoc.Inlines({ pandoc.Str(text) })
end

local function styled(class, content)
  return pandoc.Div(content, pandoc.Attr("", {}, { ["custom-style"] = STYLES[class] }))
end

local function styled_text(class, text)
  return styled(class, { pandoc.Para(inlines(text)) })
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

-- For Typst, strings of its own: pandoc would look at each letter to escape it.
local function bullets(data, format)
  if format == "typst" then
    local lines = {}
    for rank, text in ipairs(data.lignes) do lines[rank] = "- #" .. quote(text) end
    return pandoc.RawBlock("typst", table.concat(lines, "\n"))
  end
  local items = pandoc.List({})
  for _, text in ipairs(data.lignes) do items:insert({ pandoc.Plain(inlines(text)) }) end
  return pandoc.BulletList(items)
end

local function paragraph(data, format)
  if format == "typst" then return pandoc.RawBlock("typst", "#" .. quote(data.texte)) end
  return pandoc.Para(inlines(data.texte))
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
  if class == "rupture" then return RUPTURE[format] or pandoc.Blocks({}) end
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

local function tabular(data, format, travail, styles)
  if format == "typst" then return tableaux.typst(data) end
  if format == "docx" then return tableaux.docx(data, travail.largeur) end
  if format == "pptx" then return tableaux.pptx(data) end
  styles.nombre = (styles.nombre or 0) + 1
  return tableaux.odt(data, styles.nombre, styles)
end

-- The blocks of one format; `styles` receives what an ODT declares at its head.
function M.prepare(blocks, format, travail, styles)
  local filter = {
    traverse = "topdown",
    CodeBlock = function(block)
      local kind = block.classes[1]
      if kind == "vigie-tableau" then
        return tabular(pandoc.json.decode(block.text, false), format, travail, styles)
      elseif kind == "vigie-figure" then
        return figure(pandoc.json.decode(block.text, false), format)
      elseif kind == "vigie-liste" then
        return bullets(pandoc.json.decode(block.text, false), format)
      elseif kind == "vigie-paragraphe" then
        return paragraph(pandoc.json.decode(block.text, false), format)
      end
    end,
    Div = function(block) return div(block, blocks, format) end,
  }
  local made = pandoc.Blocks({})
  if format == "typst" then made:insert(typst_head(travail)) end
  if format ~= "pptx" then made:extend(pandoc.Blocks(heading(travail, format))) end
  made:extend(blocks:walk(filter))
  local last = made[#made]
  if last and last.t == "RawBlock" and last.format == "openxml" and last.text:find("</w:tbl>$") then
    made:insert(pandoc.RawBlock("openxml", "<w:p/>")) -- Word wants a paragraph after the last table
  end
  return made
end

return M
