/** The shapes the bridge answers in, as the bridge itself declares them. */
export type {
  AnswerColumn,
  AnswerDocument,
  AnswerTable,
  AssistantRequest,
  Conversation,
  Message,
  MessagePart,
  OperationList,
  PageContext,
  Question,
  RequestCost,
  RequestEvent,
  RequestState,
  RouteDecision,
} from '../../../bridge/src/shared/assistant-protocol.ts'
export type { CurrencyLook } from '../../../bridge/src/shared/site-formats.ts'
export type {
  FieldEffect,
  LedgerEntry,
  OperationPreview,
  RowEffect,
  SessionGrant,
  SetBy,
  StockEntry,
  TableEffect,
  UndoConflict,
} from '../../../bridge/src/shared/site-protocol.ts'
