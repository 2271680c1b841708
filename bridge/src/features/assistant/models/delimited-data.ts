/**
 * Marks text as data for a model. `<` inside becomes `\u003c`, so nothing in the data can close the
 * mark or imitate one.
 */
export function delimitedData(source: string, text: string): string {
  const inside = text.replaceAll('<', '\\u003c')
  return `<data source="${source.replaceAll(/[<>"]/g, '')}">\n${inside}\n</data>`
}
