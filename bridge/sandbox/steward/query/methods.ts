import { STEWARD_METHODS, type AggregateQuery } from '../../../src/shared/site-protocol.ts'
import type { WhitelistedMethod } from '../../site/contract.ts'
import { requirePerson } from '../access.ts'
import { mappingsFrom } from '../operations/mappings.ts'
import { refuse } from '../operations/refusal.ts'
import { isObject, parseJson } from '../operations/request.ts'
import { textOf } from '../values.ts'
import { aggregate } from './aggregate.ts'
import { describeDoctype, requireKnown } from './describe.ts'
import { findDoctypes, siteWords } from './words.ts'

/** `steward.api.query`: reading for the bridge, within this person's own rights. */
export const queryMethods: WhitelistedMethod[] = [
  reading(STEWARD_METHODS.describe, (site, args) => describeDoctype(textOf(args.doctype), site)),
  reading(STEWARD_METHODS.aggregate, (site, args) => {
    const query = parseJson(args.query)
    if (!isObject(query)) return refuse('A query must be an object.')
    requireKnown(textOf(query.doctype), site)
    return aggregate(query as unknown as AggregateQuery, site)
  }),
  reading(STEWARD_METHODS.findDoctype, (site, args) => findDoctypes(textOf(args.words), site)),
  reading(STEWARD_METHODS.listMappings, (site, args) =>
    mappingsFrom(textOf(args.doctype) || null, site),
  ),
  reading(STEWARD_METHODS.siteWords, (site) => siteWords(site)),
]

function reading(name: string, run: WhitelistedMethod['run']): WhitelistedMethod {
  return {
    name,
    methods: ['POST'],
    run(site, args) {
      requirePerson(site)
      return run(site, args)
    },
  }
}
