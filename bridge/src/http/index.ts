export { ApiRouter } from './api-router.ts'
export {
  roleAtLeast,
  TEAM_ROLES,
  type AuthContext,
  type Authenticator,
  type TeamRole,
} from './auth-context.ts'
export { createHttpApp } from './http-app.ts'
export { idempotencyKeyOf, idempotencyKeys, KeptAnswers } from './idempotency/index.ts'
export { decodeCursor, encodeCursor, pageOf, pageQuery } from './pagination.ts'
export { problemOf } from './problem.ts'
export { closeServer, listen } from './listen.ts'
export { openEventStream } from './sse.ts'
export { personLimit } from './person-limit.ts'
