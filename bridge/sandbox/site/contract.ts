/**
 * The seam inside the sandbox: `site/` and `http/` are Frappe (store, permissions, naming, document
 * life cycle, REST); `erpnext/` and `steward/` are apps on it. Apps see the site only through
 * `SiteContext`. Everything is synchronous on purpose: a request is one turn of the event loop, so a
 * transaction can never interleave with another, and rolling back is undoing its own log.
 */

import type { DoctypeDefinition } from './doctype-definition.ts'

export type Docstatus = 0 | 1 | 2
export type Value = string | number | null | Document[]

/** A document as Frappe's JSON has it: system fields, own fields, child tables as arrays. */
export interface Document {
  doctype: string
  name: string
  docstatus: Docstatus
  owner: string
  creation: string
  modified: string
  modified_by: string
  idx: number
  parent?: string
  parenttype?: string
  parentfield?: string
  [field: string]: Value | undefined
}

/** What a caller hands in: any subset. */
export type DocumentInput = { doctype: string; name?: string } & Record<string, unknown>

export type {
  DoctypeDefinition,
  FieldDefinition,
  PermissionDefinition,
} from './doctype-definition.ts'

export type PermissionType =
  | 'read'
  | 'write'
  | 'create'
  | 'delete'
  | 'submit'
  | 'cancel'
  | 'amend'
  | 'report'
  | 'export'
  | 'print'
  | 'email'
  | 'share'
  | 'select'

export interface ListQuery {
  fields?: unknown[]
  filters?: unknown
  or_filters?: unknown
  order_by?: string | null
  group_by?: string | null
  limit_start?: number
  /** 0 means all. */
  limit_page_length?: number
  parent?: string
}

/**
 * Hooks of one doctype, called in Frappe's order. Each may change `document` in place or throw a
 * SiteError (`site/errors.ts`). `before` is the stored document, null on insert.
 */
export interface Controller {
  /** Doctypes whose links to this document don't stop cancel or delete (`ignore_linked_doctypes`). */
  ignoreLinkedDoctypes?: string[]
  /** Return the name, or null to fall to the doctype's own naming. */
  autoname?(document: Document, site: SiteContext): string | null
  /** What a controller looks up of a new document before Frappe checks its links. */
  beforeLinks?(document: Document, site: SiteContext): void
  beforeInsert?(document: Document, site: SiteContext): void
  beforeValidate?(document: Document, site: SiteContext, before: Document | null): void
  validate?(document: Document, site: SiteContext, before: Document | null): void
  beforeSave?(document: Document, site: SiteContext, before: Document | null): void
  afterInsert?(document: Document, site: SiteContext): void
  onUpdate?(document: Document, site: SiteContext, before: Document | null): void
  beforeSubmit?(document: Document, site: SiteContext): void
  onSubmit?(document: Document, site: SiteContext): void
  beforeCancel?(document: Document, site: SiteContext): void
  onCancel?(document: Document, site: SiteContext): void
  onUpdateAfterSubmit?(document: Document, site: SiteContext): void
  onTrash?(document: Document, site: SiteContext): void
  afterDelete?(document: Document, site: SiteContext): void
  /** Extra row filter on lists for this user; false hides the row. */
  hasPermission?(document: Document, type: PermissionType, site: SiteContext): boolean
}

/** One message for `_server_messages`. */
export interface SiteMessage {
  message: string
  title?: string
  indicator?: string
}

/** A hand-off that Frappe runs after the commit; the site runs it then, or drops it on rollback. */
export interface DeferredEffect {
  kind: 'mail' | 'job' | 'webhook' | 'realtime'
  description: string
  run(site: SiteContext): void
}

/** How this request was authenticated; whitelisted methods may ask. */
export interface RequestIdentity {
  authentication: 'cookie' | 'bearer' | 'api_key' | 'none'
  session_id: string | null
  bearer_token: string | null
}

/** The site as a request by one user sees it. */
export interface SiteContext {
  /** `frappe.local.site`. */
  readonly siteName: string
  readonly user: string
  readonly roles: ReadonlySet<string>
  readonly identity: RequestIdentity
  readonly messages: SiteMessage[]
  /** Free flags of this request, as frappe.local.flags. */
  readonly flags: Record<string, unknown>
  /** Site time, `YYYY-MM-DD HH:MM:SS.ffffff`, and `YYYY-MM-DD`. */
  now(): string
  today(): string
  readonly timeZone: string

  meta(doctype: string): DoctypeDefinition
  hasMeta(doctype: string): boolean
  allMetas(): DoctypeDefinition[]
  exists(doctype: string, name: string): boolean
  /** Throws DoesNotExistError; no permission check. The copy is the caller's own. */
  getDoc(doctype: string, name: string): Document
  getValue(doctype: string, name: string, field: string): Value
  getSingle(doctype: string): Document
  /** Plain rows without permission (frappe.get_all): exact-match object or Frappe filters. */
  getAll(doctype: string, query?: ListQuery): Record<string, unknown>[]
  /** With permission (frappe.get_list). */
  getList(doctype: string, query?: ListQuery): Record<string, unknown>[]
  hasPermission(doctype: string, type: PermissionType, document?: Document): boolean
  /** Throws PermissionError in Frappe's words. */
  checkPermission(doctype: string, type: PermissionType, document?: Document): void

  /** A new unsaved document with defaults, permission unchecked. */
  newDoc(doctype: string, values?: Record<string, unknown>): Document
  insert(document: DocumentInput, options?: WriteOptions): Document
  save(document: DocumentInput, options?: WriteOptions): Document
  submit(document: DocumentInput, options?: WriteOptions): Document
  cancel(document: DocumentInput, options?: WriteOptions): Document
  delete(doctype: string, name: string, options?: WriteOptions): void
  /** Write columns without events (frappe.db.set_value); `modified` moves unless told not to. */
  dbSet(
    doctype: string,
    name: string,
    values: Record<string, unknown>,
    updateModified?: boolean,
  ): void
  /** Insert a row without any event (ledger entries). */
  dbInsert(document: DocumentInput): Document
  /** Delete rows whose columns have these values, without any event (frappe.db.delete). */
  dbDelete(doctype: string, filters: Record<string, unknown>): void
  /** Count the document's name in its naming series again, where a deletion had given it back. */
  takeNumber(document: Document): void

  /** Bytes of an uploaded file by its `file_url`; null when the site holds none. */
  readFile(url: string): Buffer | null
  writeFile(url: string, bytes: Buffer): void

  /** A Password field's clear value; null when there is none (`doc.get_password`). */
  getPassword(doctype: string, name: string, field: string): string | null
  /** The session, user or global default of this key (`frappe.defaults.get_user_default`). */
  getDefault(key: string): string | null

  /** Run as another user inside the same transaction. */
  as<T>(user: string, run: (site: SiteContext) => T): T
  msgprint(message: string, indicator?: string): void
  /** Runs `run`; whatever it wrote is undone when it throws. */
  savepoint<T>(run: () => T): T
  /** Runs `run` and undoes all it wrote, naming series included; deferred effects are collected, not run. */
  dryRun<T>(run: () => T): { result: T; deferred: DeferredEffect[] }
  defer(effect: DeferredEffect): void
  /**
   * Runs `run` under the guard: an inner `commit()` throws InnerCommitError. `preview` also refuses
   * hand-offs of kind `job` (BackgroundJobError). Nested guards keep the stricter mode.
   */
  guard<T>(mode: 'preview' | 'apply', run: () => T): T
  /** What Frappe's `db.commit()` inside a controller does; throws while a guard is active. */
  commit(): void
  /** A call to a host on the internet: the sandbox reaches none; throws while a guard is active. */
  callOut(host: string): void
}

export interface WriteOptions {
  ignorePermissions?: boolean
  ignoreMandatory?: boolean
  ignoreLinks?: boolean
  /** Use this name (`insert(set_name=...)`), e.g. when restoring a deleted document. */
  setName?: string
  /** On delete: skip the check for links to the document (`force`). */
  force?: boolean
}

/** A whitelisted method, `POST /api/method/<name>`. */
export interface WhitelistedMethod {
  name: string
  allowGuest?: boolean
  methods?: ('GET' | 'POST' | 'PUT' | 'DELETE')[]
  /** Its return value becomes `message`. Arguments are the parsed body or query. */
  run(site: SiteContext, args: Record<string, unknown>): unknown
}

/** What an app brings to a site. */
export interface SandboxApp {
  name: string
  doctypes: DoctypeDefinition[]
  controllers: Record<string, Controller>
  methods: WhitelistedMethod[]
  /** Fills an empty site with sample data, as Administrator. */
  seed?(site: SiteContext): void
  /** `frappe.desk.query_report.run` of this report; undefined when the app has no such report. */
  runReport?(
    site: SiteContext,
    reportName: string,
    filters: Record<string, unknown>,
  ): Record<string, unknown> | undefined
  /** Called on logout with the session id (hook on_logout). */
  onLogout?(site: SiteContext, sessionId: string): void
}
