/** What may not leave for one provider, out of Steward Settings and its record. */
export interface DataRules {
  /** False when everything may leave. */
  readonly any: boolean
  /** Nothing of these documents may leave. */
  hides(doctype: string): boolean
  /** Something of these documents may not leave. */
  touches(doctype: string): boolean
  /**
   * This field may not leave. With an empty `doctype` (a report's column belongs to nobody knows
   * which) a field of that name that is masked anywhere is.
   */
  masks(doctype: string, fieldname: string): boolean
}

/** Rules of entries such as `Employee` (whole doctype) and `Customer.tax_id` (one field). */
export function createDataRules(entries: string[]): DataRules {
  const doctypes = new Set<string>()
  const touched = new Set<string>()
  const fields = new Set<string>()
  for (const entry of entries) {
    const [doctype = '', field] = entry.split('.')
    touched.add(normal(doctype))
    if (field === undefined) doctypes.add(normal(doctype))
    else fields.add(`${normal(doctype)}.${normal(field)}`).add(`.${normal(field)}`)
  }
  const hides = (doctype: string) => doctypes.has(normal(doctype))
  return {
    any: entries.length > 0,
    hides,
    touches: (doctype) => touched.has(normal(doctype)),
    masks: (doctype, fieldname) =>
      hides(doctype) || fields.has(`${normal(doctype)}.${normal(fieldname)}`),
  }
}

function normal(name: string): string {
  return name.trim().toLowerCase()
}
