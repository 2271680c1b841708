import { STEWARD_METHODS, type OperationOutcome } from '../../../src/shared/site-protocol.ts'
import type { SiteContext, WhitelistedMethod } from '../../site/contract.ts'
import {
  mayApprove,
  NOT_AN_APPROVER,
  requireApprover,
  requirePerson,
  seesEverybody,
} from '../access.ts'
import { textOf } from '../values.ts'
import { applyOperations } from './apply.ts'
import { previewOperations, refusedAsList, type Refused } from './preview.ts'
import { outcomes } from './record.ts'
import { refusalOf, refuse } from './refusal.ts'
import { rejectOperations } from './reject.ts'
import { checkId, isObject, parseJson, parseOperations, type Operation } from './request.ts'
import { previewUndo, undoRequest, type UndoIds } from './undo.ts'

const MOST_IDS = 200

/** `steward.api.operations`: preview, apply, read, reject and undo, as the person who calls. */
export const operationMethods: WhitelistedMethod[] = [
  post(STEWARD_METHODS.preview, (site, args) => {
    requirePerson(site)
    const parsed = parsedOrRefused(args.operations, site)
    return Array.isArray(parsed) ? previewOperations(parsed, site) : parsed
  }),
  post(STEWARD_METHODS.apply, (site, args) => {
    requirePerson(site)
    if (!mayApprove(site)) return refusedAsList(NOT_AN_APPROVER)
    const parsed = parsedOrRefused(args.operations, site)
    if (!Array.isArray(parsed)) return parsed
    return applyOperations(textOf(args.request_id), parsed, textOf(args.hash), site)
  }),
  post(STEWARD_METHODS.get, (site, args) => {
    const found = outcomes(checkedIds(args.operation_ids), site)
    const mayKnow = seesEverybody(site)
    return {
      outcomes: found.map((outcome) =>
        mayKnow || isOwn(outcome, site) ? outcome : hidden(outcome),
      ),
    }
  }),
  post(STEWARD_METHODS.reject, (site, args) => {
    requireApprover(site)
    const reason = textOf(args.reason)
    return rejectOperations(textOf(args.request_id), args.operations, reason, site)
  }),
  post(STEWARD_METHODS.previewUndo, (site, args) => {
    requirePerson(site)
    const [requestId, undoRequestId] = [textOf(args.request_id), textOf(args.undo_request_id)]
    return previewUndo(requestId, undoRequestId, undoIds(args.operation_ids), site)
  }),
  post(STEWARD_METHODS.undo, (site, args) => {
    requirePerson(site)
    if (!mayApprove(site)) return refusedAsList(NOT_AN_APPROVER)
    const [requestId, undoRequestId] = [textOf(args.request_id), textOf(args.undo_request_id)]
    const ids = undoIds(args.operation_ids)
    return undoRequest(requestId, undoRequestId, ids, textOf(args.hash), site)
  }),
]

function post(name: string, run: WhitelistedMethod['run']): WhitelistedMethod {
  return { name, methods: ['POST'], run }
}

function parsedOrRefused(operations: unknown, site: SiteContext): Operation[] | Refused {
  try {
    return parseOperations(operations, site)
  } catch (error) {
    return { status: 'refused', refusal: refusalOf(error, null, site) }
  }
}

function checkedIds(given: unknown): string[] {
  const ids = parseJson(given)
  if (!Array.isArray(ids) || ids.length > MOST_IDS) {
    return refuse(`A list of at most ${MOST_IDS} operation ids is needed.`)
  }
  return ids.map(checkId)
}

function undoIds(given: unknown): UndoIds {
  const ids = parseJson(given)
  if (!isObject(ids) || !Object.keys(ids).length || Object.keys(ids).length > MOST_IDS) {
    return refuse('The operations to undo and their new ids are needed.')
  }
  return new Map(Object.entries(ids).map(([applied, undo]) => [checkId(applied), checkId(undo)]))
}

function isOwn(outcome: OperationOutcome, site: SiteContext): boolean {
  return outcome.person === null || outcome.person === site.user
}

/** That an id is taken is no secret; what it did is. */
function hidden(outcome: OperationOutcome): Record<string, unknown> {
  const kept = ['operation_id', 'state', 'action', 'doctype']
  const members = Object.entries(outcome).map(([key, value]) => [
    key,
    kept.includes(key) ? value : null,
  ])
  return Object.fromEntries(members) as Record<string, unknown>
}
