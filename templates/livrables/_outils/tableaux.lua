-- Tables, written straight in the language of each format from their JSON: cells are texts, nothing in them is parsed,
-- and thousands of cells cost no objects. Slides alone take pandoc's own table.

local M = {}

local LONGUE = 1500 -- beyond this number of letters a row may be cut by a page

-- A text as a Typst string literal.
function M.quote(text)
  return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"'):gsub("\n", "\\n") .. '"'
end

local function xml(text)
  return (text:gsub("[&<>\"]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }))
end

local function each_line(text, write)
  local parts = {}
  for line in (text .. "\n"):gmatch("([^\n]*)\n") do parts[#parts + 1] = write(xml(line)) end
  return table.concat(parts)
end

local function letters(row)
  local total = 0
  for _, text in ipairs(row) do total = total + #text end
  return total
end

local function array(values, write)
  local parts = {}
  for _, value in ipairs(values) do parts[#parts + 1] = write(value) end
  return "(" .. table.concat(parts, ", ") .. (#parts == 1 and ",)" or ")")
end

function M.typst(data)
  return pandoc.RawBlock("typst", "#tableau(\n  legende: " .. M.quote(data.legende)
    .. ",\n  cachee: " .. tostring(data.cachee)
    .. ",\n  entetes: " .. array(data.entetes, M.quote)
    .. ",\n  largeurs: " .. array(data.largeurs, function(share) return ("%.2f%%"):format(share * 100) end)
    .. ",\n  nombres: " .. array(data.nombres, tostring)
    .. ",\n  entete-de-ligne: " .. tostring(data.entete_de_ligne)
    .. ",\n  notes: " .. array(data.notes, M.quote)
    .. ",\n  lignes: " .. array(data.lignes, function(row) return array(row, M.quote) end) .. ",\n)")
end

local function docx_paragraph(style, text, right)
  return '<w:p><w:pPr><w:pStyle w:val="' .. style .. '"/>' .. (right and '<w:jc w:val="right"/>' or "")
    .. '</w:pPr><w:r><w:t xml:space="preserve">' .. text .. "</w:t></w:r></w:p>"
end

local function docx_row(data, widths, row, head)
  local cells = {}
  for index, text in ipairs(row) do
    cells[index] = '<w:tc><w:tcPr><w:tcW w:w="' .. widths[index] .. '" w:type="dxa"/></w:tcPr>'
      .. each_line(text, function(line) return docx_paragraph("Compact", line, data.nombres[index]) end) .. "</w:tc>"
  end
  return "<w:tr><w:trPr>" .. (letters(row) < LONGUE and "<w:cantSplit/>" or "") .. (head and "<w:tblHeader/>" or "")
    .. "</w:trPr>" .. table.concat(cells) .. "</w:tr>"
end

-- `total`: width of the text, in twentieths of a point.
function M.docx(data, total)
  local widths, grid, parts = {}, {}, {}
  for index, share in ipairs(data.largeurs) do
    widths[index] = math.floor(share * total + 0.5)
    grid[index] = '<w:gridCol w:w="' .. widths[index] .. '"/>'
  end
  if not data.cachee then parts[1] = docx_paragraph("TableCaption", xml(data.legende)) end
  parts[#parts + 1] = '<w:tbl><w:tblPr><w:tblStyle w:val="Table"/><w:tblW w:w="5000" w:type="pct"/>'
    .. '<w:tblLayout w:type="fixed"/><w:tblLook w:val="06A0" w:firstRow="1" w:lastRow="0" w:firstColumn="'
    .. (data.entete_de_ligne and "1" or "0") .. '" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
    .. '<w:tblCaption w:val="' .. xml(data.legende) .. '"/></w:tblPr><w:tblGrid>' .. table.concat(grid) .. "</w:tblGrid>"
  parts[#parts + 1] = docx_row(data, widths, data.entetes, true)
  for _, row in ipairs(data.lignes) do parts[#parts + 1] = docx_row(data, widths, row, false) end
  parts[#parts + 1] = "</w:tbl>"
  for _, note in ipairs(data.notes) do parts[#parts + 1] = docx_paragraph("NoteTableau", xml(note)) end
  return pandoc.RawBlock("openxml", table.concat(parts))
end

local function odt_row(data, row, cell, head)
  local cells = {}
  for index, text in ipairs(row) do
    local style = (head or (index == 1 and data.entete_de_ligne)) and "Table_20_Heading" or "Table_20_Contents"
    if data.nombres[index] then style = style .. "_20_Right" end
    cells[index] = '<table:table-cell table:style-name="' .. cell .. '" office:value-type="string">'
      .. each_line(text, function(line) return '<text:p text:style-name="' .. style .. '">' .. line .. "</text:p>" end)
      .. "</table:table-cell>"
  end
  return '<table:table-row table:style-name="' .. (letters(row) < LONGUE and "RangEntier" or "Rang") .. '">'
    .. table.concat(cells) .. "</table:table-row>"
end

-- `styles` receives the widths of the columns of this table; they are declared at the head of the document.
function M.odt(data, number, styles)
  local name, columns, parts = "Tableau" .. number, {}, {}
  for index, share in ipairs(data.largeurs) do
    local column = name .. "." .. index
    styles[#styles + 1] = '<style:style style:name="' .. column .. '" style:family="table-column">'
      .. '<style:table-column-properties style:rel-column-width="' .. math.floor(share * 65535) .. '*"/></style:style>'
    columns[index] = '<table:table-column table:style-name="' .. column .. '"/>'
  end
  if not data.cachee then parts[1] = '<text:p text:style-name="TableCaption">' .. xml(data.legende) .. "</text:p>" end
  parts[#parts + 1] = '<table:table table:name="' .. name .. '" table:style-name="TableauPlein">' .. table.concat(columns)
    .. "<table:table-header-rows>" .. odt_row(data, data.entetes, "CelluleEntete", true) .. "</table:table-header-rows>"
  for _, row in ipairs(data.lignes) do parts[#parts + 1] = odt_row(data, row, "Cellule", false) end
  parts[#parts + 1] = "</table:table>"
  for _, note in ipairs(data.notes) do
    parts[#parts + 1] = '<text:p text:style-name="NoteTableau">' .. xml(note) .. "</text:p>"
  end
  return pandoc.RawBlock("opendocument", table.concat(parts))
end

local function paragraphs(text)
  local found = pandoc.Blocks({})
  for line in (text .. "\n"):gmatch("([^\n]*)\n") do found:insert(pandoc.Plain({ pandoc.Str(line) })) end
  return found
end

-- On a slide, the title says what the table is: no caption, no notes.
function M.pptx(data)
  local function cells(row)
    local made = {}
    for index, text in ipairs(row) do made[index] = pandoc.Cell(paragraphs(text)) end
    return pandoc.Row(made)
  end
  local aligns, rows = {}, {}
  for index, share in ipairs(data.largeurs) do
    aligns[index] = { data.nombres[index] and pandoc.AlignRight or pandoc.AlignLeft, share }
  end
  for index, row in ipairs(data.lignes) do rows[index] = cells(row) end
  local body = { body = rows, head = {}, attr = pandoc.Attr(), row_head_columns = data.entete_de_ligne and 1 or 0 }
  local head = pandoc.TableHead({ cells(data.entetes) })
  return pandoc.Table(pandoc.Caption({}), aligns, head, { body }, pandoc.TableFoot())
end

return M
