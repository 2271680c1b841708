import type { FieldDefinition, SiteContext } from '../../site/contract.ts'

/** Fields of `doctype` this person may read by permlevel. */
export function readableFields(doctype: string, site: SiteContext): FieldDefinition[] {
  return site.meta(doctype).fields.filter(levelTest(doctype, site))
}

/** Child rows follow the parent's rights. */
export function readableChildFields(
  parent: string,
  child: string,
  site: SiteContext,
): FieldDefinition[] {
  return site.meta(child).fields.filter(levelTest(parent, site))
}

function levelTest(doctype: string, site: SiteContext): (field: FieldDefinition) => boolean {
  if (site.user === 'Administrator') return () => true
  const levels = new Set(
    site
      .meta(doctype)
      .permissions.filter((rule) => rule.read && site.roles.has(rule.role))
      .map((rule) => rule.permlevel ?? 0),
  )
  return (field) => levels.has(field.permlevel ?? 0)
}
