export { Faults } from './faults.ts'
export { createSandboxServer } from './sandbox-server.ts'
export { WebSessions } from './web-sessions.ts'
export type { WebSession } from './web-sessions.ts'
