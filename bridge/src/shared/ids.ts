import { v7 } from 'uuid'

/** What an id names; it is the id's readable prefix. */
export type IdKind =
  | 'conversation'
  | 'message'
  | 'request'
  | 'operation'
  | 'operation_list'
  | 'model_call'
  | 'lease'
  | 'session'
  | 'team'
  | 'api_key'
  | 'event'
  | 'tool_call'
  | 'site'

const PREFIX: Record<IdKind, string> = {
  conversation: 'cnv',
  message: 'msg',
  request: 'req',
  operation: 'op',
  operation_list: 'opl',
  model_call: 'mc',
  lease: 'lse',
  session: 'ses',
  team: 'tm',
  api_key: 'key',
  event: 'evt',
  tool_call: 'tc',
  site: 'site',
}

export interface Ids {
  /** A new id such as `op_0192f0c4a1b27c3e8d4f5a6b7c8d9e0f`: sorts by time (UUID version 7). */
  next(kind: IdKind): string
}

export const randomIds: Ids = {
  next: (kind) => `${PREFIX[kind]}_${v7().replaceAll('-', '')}`,
}
