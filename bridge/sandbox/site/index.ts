export { createSite } from './create-site.ts'
export type { Site } from './create-site.ts'
export {
  doesNotExist,
  notPermitted,
  permissionError,
  SiteError,
  validationError,
} from './errors.ts'
export type { SiteSession } from './site-session.ts'
export { documentRights } from './permissions/has-permission.ts'
export { refusalReasons } from './permissions/refusal-reasons.ts'
export { hideUnreadable } from './permissions/permlevel.ts'
export { isLoginPassword } from './passwords.ts'
export { contentHash } from './core/controllers.ts'
export type { StoreSnapshot } from './store.ts'
export { openTransitions, tableOf, workflowOf } from './core/index.ts'
