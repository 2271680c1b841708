import type { WhitelistedMethod } from '../../site/contract.ts'
import { textOf } from '../document-fields.ts'
import { crmMethods } from './crm-mappings.ts'
import { mapDocument } from './map-document.ts'
import { MAPPING_RULES } from './mapping.ts'
import { getPaymentEntry } from './payment-for.ts'

/** ERPNext's make functions, callable as it names them. */
export const makeMethods: WhitelistedMethod[] = [
  ...MAPPING_RULES.map(
    (rule) =>
      ({
        name: rule.method,
        run: (site, args) => mapDocument(rule, textOf(args, 'source_name'), site),
      }) satisfies WhitelistedMethod,
  ),
  ...crmMethods,
  getPaymentEntry,
]
