import type { OperationList, OperationListState } from '../../../shared/assistant-protocol.ts'
import type { Clock } from '../../../shared/clock.ts'
import type { Ids } from '../../../shared/ids.ts'
import {
  STEWARD_METHODS,
  type FieldValue,
  type OperationInput,
  type PreviewResult,
} from '../../../shared/site-protocol.ts'
import type { SiteSession } from '../ports.ts'
import type { NewProposal, Proposals } from '../tools/tool-context.ts'
import type { ProposalResult } from '../tools/tool-contract.ts'
import { ToolFailure } from '../tools/tool-failure.ts'
import { listSummary } from './list-summary.ts'

const MOST_OPERATIONS = 20
const SAVED_FIRST = {
  exc_type: 'AlreadyApproved',
  message:
    'The earlier card was approved meanwhile and stands as it is. Change the saved document instead.',
}

export interface CollectorOptions {
  requestId: string
  session: SiteSession
  ids: Ids
  clock: Clock
  /** Withdraws a card of an earlier turn in favour of the card `by`; the state it is in then. */
  withdraw?(listId: string, by: string): Promise<OperationListState>
}

/**
 * Collects the proposals of one turn into cards, one unless the brain opens another; a card is
 * previewed whole after each addition. Nothing of it can be approved before the request stores the
 * cards at the end of the turn.
 */
export class ProposalCollector implements Proposals {
  private cards: OperationList[] = []
  /** The card that is added to; null for a new one. */
  private list: OperationList | null = null
  private readonly requestId: string
  private readonly session: SiteSession
  private readonly ids: Ids
  private readonly clock: Clock
  private readonly withdraw: CollectorOptions['withdraw']

  constructor(options: CollectorOptions) {
    this.requestId = options.requestId
    this.session = options.session
    this.ids = options.ids
    this.clock = options.clock
    this.withdraw = options.withdraw
  }

  /** What is to be shown as the turn's cards, in the order they were begun. */
  collected(): OperationList[] {
    return this.cards
  }

  openCard(listId: string | null): void {
    this.list = this.cards.find(({ id }) => id === listId) ?? null
  }

  async replace(earlier: string): Promise<boolean> {
    const replacement = this.list
    if (!replacement || !this.withdraw) return true
    const state = await this.withdraw(earlier, replacement.id)
    if (state !== 'applied' && state !== 'approving') return true
    this.cards = this.cards.filter((card) => card !== replacement)
    this.list = null
    return false
  }

  idOf(name: string): string | null {
    return this.list?.operations.find((known) => known.operation_id === name)?.operation_id ?? null
  }

  async add(change: NewProposal): Promise<ProposalResult> {
    const earlier = this.list?.operations ?? []
    const corrected = earlier.find(({ operation_id }) => operation_id === change.replaces)
    if (earlier.length >= MOST_OPERATIONS && !corrected) {
      throw new ToolFailure(
        'too_many_operations',
        `One card holds at most ${MOST_OPERATIONS} changes; have these approved first.`,
      )
    }
    const operation = this.operationOf(change, corrected)
    const operations = corrected
      ? earlier.map((known) => (known === corrected ? operation : known))
      : [...earlier, operation]
    const preview = await this.session.call<PreviewResult>(
      STEWARD_METHODS.preview,
      { request_id: this.requestId, operations },
      { repeatable: true },
    )
    if (preview.status === 'refused') {
      const { exc_type, message } = preview.refusal
      return { status: 'refused', exc_type, message }
    }
    const before = { cards: this.cards, list: this.list }
    const list = this.listOf(operations, preview)
    this.keep(list)
    if (change.replaces && !corrected && !(await this.takesPlace(change.replaces, before))) {
      return { status: 'refused', ...SAVED_FIRST }
    }
    return { status: 'proposed', operation_id: operation.operation_id, operation_list: list }
  }

  /** An id that is no card leaves everything as it was before. */
  private async takesPlace(
    listId: string,
    before: { cards: OperationList[]; list: OperationList | null },
  ): Promise<boolean> {
    try {
      return await this.replace(listId)
    } catch (error) {
      this.cards = before.cards
      this.list = before.list
      throw error
    }
  }

  private keep(list: OperationList): void {
    const isNew = this.list === null
    this.cards = isNew
      ? [...this.cards, list]
      : this.cards.map((card) => (card === this.list ? list : card))
    this.list = list
  }

  /** A corrected operation keeps its id, so that others of the card still find it. */
  private operationOf(change: NewProposal, corrected?: OperationInput): OperationInput {
    const { source } = change
    const target = this.targetOf(change, corrected)
    return {
      operation_id: corrected?.operation_id ?? this.ids.next('operation'),
      action: change.action,
      doctype: change.doctype,
      ...(target && ('ref' in target ? { name: { $ref: target.ref } } : existing(target))),
      ...(Object.keys(change.values).length > 0 && {
        values: change.values as Record<string, FieldValue>,
      }),
      ...(source && {
        source: {
          method: source.method,
          doctype: source.doctype,
          name: typeof source.name === 'string' ? source.name : { $ref: source.name.ref },
        },
      }),
    }
  }

  /** A document this list changes already is meant as it will be after that. */
  private targetOf(
    { doctype, target }: NewProposal,
    corrected?: OperationInput,
  ): NewProposal['target'] {
    if (!target || 'ref' in target) return target
    const earlier = this.list?.operations.findLast(
      (operation) =>
        operation !== corrected && operation.doctype === doctype && operation.name === target.name,
    )
    return earlier ? { ref: earlier.operation_id } : target
  }

  private listOf(
    operations: OperationInput[],
    preview: Extract<PreviewResult, { status: 'previewed' }>,
  ): OperationList {
    return {
      id: this.list?.id ?? this.ids.next('operation_list'),
      request_id: this.requestId,
      kind: 'apply',
      state: 'proposed',
      hash: preview.hash,
      summary: listSummary(preview.operations),
      operations,
      previews: preview.operations,
      outcomes: [],
      conflicts: [],
      refusal: null,
      changed_since_approval: false,
      seen_previews: null,
      superseded_by: null,
      proposed_at: this.clock.now().toISOString(),
      decided_at: null,
      decided_by: null,
    }
  }
}

function existing(target: { name: string; modified: string | null }): Partial<OperationInput> {
  return { name: target.name, ...(target.modified && { base_modified: target.modified }) }
}
