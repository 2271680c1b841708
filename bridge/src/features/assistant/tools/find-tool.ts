import { closestWords } from './text-similarity.ts'
import type { ToolContext } from './tool-context.ts'
import type { ToolArguments, ToolResults } from './tool-contract.ts'
import { ToolFailure } from './tool-failure.ts'

export async function findDoctype(
  context: ToolContext,
  args: ToolArguments['find_doctype'],
): Promise<ToolResults['find_doctype']> {
  return { matches: await context.knowledge.find(context.actor, context.session, args.words) }
}

export async function describeDoctype(
  context: ToolContext,
  args: ToolArguments['describe_doctype'],
): Promise<ToolResults['describe_doctype']> {
  const known = await context.knowledge.tryDescribe(context.actor, context.session, args.doctype)
  if (known) return known
  const words = await context.knowledge.words(context.actor, context.session)
  const close = closestWords(
    args.doctype,
    words.doctypes.map(({ doctype }) => doctype),
    4,
  )
  throw new ToolFailure(
    'unknown_doctype',
    `There is no DocType "${args.doctype}" that you may read.${close.length > 0 ? ` Close: ${close.join(', ')}.` : ''}`,
  )
}

/** ERPNext's own make function between two doctypes; a failure names those that exist. */
export async function findMapping(
  context: ToolContext,
  from: string,
  to: string,
): Promise<{ method: string }> {
  const description = await describeDoctype(context, { doctype: from })
  const mapping = description.mappings.find((known) => known.to_doctype === to)
  if (mapping) return mapping
  const targets = [...new Set(description.mappings.map((known) => known.to_doctype))].join(', ')
  throw new ToolFailure(
    'not_found',
    `ERPNext makes no ${to} from a ${from}. From ${from}: ${targets || 'nothing'}.`,
  )
}
