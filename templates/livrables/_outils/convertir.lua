-- One pandoc process writes every document of a step: `pandoc lua convertir.lua <travail>.json`.
-- <travail>.json: a list of {source, titre, langue, paysage, largeur, ident, sorties = {docx|odt|pptx|typst = {fichier,
-- reference, styles}}}, paths being relative to the current folder; `largeur`: of the text, in twentieths of a point.

local ici = PANDOC_SCRIPT_FILE or arg[0]
package.path = pandoc.path.join({ pandoc.path.directory(ici), "?.lua" }) .. ";" .. package.path
local blocs = require("blocs")

local LECTURE = "markdown-smart-raw_html-raw_tex-raw_attribute-tex_math_dollars-citations-example_lists"
  .. "-inline_notes-footnotes-subscript-superscript-strikeout-implicit_figures-yaml_metadata_block-pandoc_title_block"
  .. "-native_divs-native_spans-markdown_in_html_blocks-latex_macros-fancy_lists"

local function read_file(path)
  local stream = assert(io.open(path, "rb"))
  local text = stream:read("a")
  stream:close()
  return text
end

local function write_file(path, bytes)
  local stream = assert(io.open(path, "wb"))
  stream:write(bytes)
  stream:close()
end

-- The title stands in our own heading block: the templates' own is switched off. An ODT declares our tables' styles.
local function template(name)
  local text = pandoc.template.default(name)
  text = text:gsub("%$if%(title%)%$", "$if(sans-titre)$", 1)
  text = text:gsub("(%s*)</office:automatic%-styles>", "%1$styles-tableaux$%1</office:automatic-styles>", 1)
  return pandoc.template.compile(text)
end

local TEMPLATES = {}
local NAMES = { docx = "openxml", odt = "opendocument" }

local function options(format, sortie, styles)
  local chosen = { reference_doc = sortie.reference, wrap_text = "none" }
  if NAMES[format] then
    TEMPLATES[format] = TEMPLATES[format] or template(NAMES[format])
    chosen.template = TEMPLATES[format]
  end
  if format == "odt" then
    chosen.variables = { ["styles-tableaux"] = sortie.styles .. table.concat(styles) }
  end
  return pandoc.WriterOptions(chosen)
end

local function metadata(travail, format)
  local meta = { title = pandoc.MetaString(travail.titre), lang = pandoc.MetaString(travail.langue) }
  if format == "pptx" then
    meta.title = pandoc.MetaInlines({ pandoc.Str(travail.titre) })
    local lines = pandoc.Inlines({})
    for _, text in ipairs({ travail.ident.structure, travail.ident.periode, travail.ident.etat }) do
      if #lines > 0 then lines:insert(pandoc.LineBreak()) end
      lines:insert(pandoc.Str(text))
    end
    meta.subtitle = pandoc.MetaInlines(lines)
  end
  return meta
end

for _, travail in ipairs(pandoc.json.decode(read_file(arg[1]), false)) do
  local source = pandoc.read(read_file(travail.source), LECTURE)
  for format, sortie in pairs(travail.sorties) do
    local styles = {}
    local doc = pandoc.Pandoc(blocs.prepare(source.blocks, format, travail, styles), metadata(travail, format))
    write_file(sortie.fichier, pandoc.write(doc, format, options(format, sortie, styles)))
  end
end
