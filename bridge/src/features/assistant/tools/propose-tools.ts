import { describeDoctype, findMapping } from './find-tool.ts'
import { resolveLinks, resolveTarget } from './link-resolution.ts'
import type { NewProposal, ToolContext } from './tool-context.ts'
import type { ProposalResult, Replacing, ToolArguments } from './tool-contract.ts'

export async function proposeCreate(
  context: ToolContext,
  args: ToolArguments['propose_create'],
): Promise<ProposalResult> {
  const description = await describeDoctype(context, { doctype: args.doctype })
  const values = structuredClone(args.values)
  const unresolved = await resolveLinks(context, description, values)
  if (unresolved) return unresolved
  return context.proposals.add({
    action: 'create',
    doctype: args.doctype,
    target: null,
    values,
    source: null,
    replaces: args.replaces,
  })
}

export async function proposeUpdate(
  context: ToolContext,
  args: ToolArguments['propose_update'],
): Promise<ProposalResult> {
  const description = await describeDoctype(context, { doctype: args.doctype })
  const values = structuredClone(args.values)
  const unresolved = await resolveLinks(context, description, values)
  if (unresolved) return unresolved
  return proposeOn(context, args, { action: 'update', values })
}

export async function proposeAmend(
  context: ToolContext,
  args: ToolArguments['propose_amend'],
): Promise<ProposalResult> {
  const description = await describeDoctype(context, { doctype: args.doctype })
  const values = structuredClone(args.values ?? {})
  const unresolved = await resolveLinks(context, description, values)
  if (unresolved) return unresolved
  return proposeOn(context, args, { action: 'amend', values })
}

/** Submit, cancel and delete only name their document. */
export function proposeAction(action: 'submit' | 'cancel' | 'delete') {
  return (
    context: ToolContext,
    args: { doctype: string; name: string } & Replacing,
  ): Promise<ProposalResult> => proposeOn(context, args, { action, values: {} })
}

export async function proposeMapped(
  context: ToolContext,
  args: ToolArguments['propose_mapped'],
): Promise<ProposalResult> {
  const { method } = await findMapping(context, args.from_doctype, args.to_doctype)
  const values = structuredClone(args.values ?? {})
  const target = await describeDoctype(context, { doctype: args.to_doctype })
  const unresolved = await resolveLinks(context, target, values)
  if (unresolved) return unresolved
  const earlier = context.proposals.idOf(args.from_name)
  const from = earlier
    ? { ref: earlier }
    : await resolveTarget(context, args.from_doctype, args.from_name)
  if ('status' in from) return from
  return context.proposals.add({
    action: 'create',
    doctype: args.to_doctype,
    target: null,
    values,
    source: {
      method,
      doctype: args.from_doctype,
      name: 'ref' in from ? from : from.name,
    },
    replaces: args.replaces,
  })
}

async function proposeOn(
  context: ToolContext,
  args: { doctype: string; name: string } & Replacing,
  change: Pick<NewProposal, 'action' | 'values'>,
): Promise<ProposalResult> {
  const earlier = context.proposals.idOf(args.name)
  const target = earlier ? { ref: earlier } : await resolveTarget(context, args.doctype, args.name)
  if ('status' in target) return target
  const { doctype, replaces } = args
  return context.proposals.add({ ...change, doctype, target, source: null, replaces })
}
