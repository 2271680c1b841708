import type {
  DeferredEffect,
  Document,
  DocumentInput,
  DoctypeDefinition,
  ListQuery,
  PermissionType,
  RequestIdentity,
  SiteMessage,
  Value,
  WriteOptions,
} from './contract.ts'
import { newDocument } from './defaults.ts'
import { defaultFor } from './default-values.ts'
import { deleteDocument } from './deletion.ts'
import { loadDocument, materialize, requireDocument } from './documents.ts'
import type { InnerSite, SiteState } from './inner-site.ts'
import { insertDocument, saveDocument } from './life-cycle.ts'
import { runQuery } from './list/run-query.ts'
import { secretKey } from './passwords.ts'
import { checkPermission, hasPermission } from './permissions/has-permission.ts'
import { rolesOf } from './permissions/roles.ts'
import { insertPlainRow, removePlainRows, setColumns } from './row-writer.ts'
import { takeNumber } from './series.ts'
import { Transaction } from './transaction.ts'

const NOBODY: RequestIdentity = { authentication: 'none', session_id: null, bearer_token: null }

/** What sessions of one request share, whoever they run as. */
interface RequestScope {
  transaction: Transaction
  identity: RequestIdentity
  messages: SiteMessage[]
  flags: Record<string, unknown>
}

/** The site as one request by one user sees it: `frappe` and `frappe.local` in one. */
export class SiteSession implements InnerSite {
  readonly state: SiteState
  readonly user: string
  readonly #scope: RequestScope

  constructor(state: SiteState, user: string, scope: RequestScope) {
    this.state = state
    this.user = user
    this.#scope = scope
  }

  static open(state: SiteState, user: string, identity: RequestIdentity = NOBODY): SiteSession {
    const transaction = new Transaction(state.store.log)
    return new SiteSession(state, user, { transaction, identity, messages: [], flags: {} })
  }

  get siteName(): string {
    return this.state.name
  }

  get transaction(): Transaction {
    return this.#scope.transaction
  }

  get identity(): RequestIdentity {
    return this.#scope.identity
  }

  get messages(): SiteMessage[] {
    return this.#scope.messages
  }

  get flags(): Record<string, unknown> {
    return this.#scope.flags
  }

  get roles(): ReadonlySet<string> {
    return rolesOf(this.state, this.user)
  }

  get timeZone(): string {
    return this.state.clock.timeZone
  }

  now(): string {
    return this.state.clock.now()
  }

  today(): string {
    return this.state.clock.today()
  }

  meta(doctype: string): DoctypeDefinition {
    return this.state.metas.get(doctype).definition
  }

  hasMeta(doctype: string): boolean {
    return this.state.metas.has(doctype)
  }

  allMetas(): DoctypeDefinition[] {
    return this.state.metas.all().map((meta) => meta.definition)
  }

  exists(doctype: string, name: string): boolean {
    if (!this.state.metas.has(doctype)) return false
    if (this.state.metas.get(doctype).isSingle) return name === doctype
    return this.state.store.table(doctype).get(name) !== undefined
  }

  getDoc(doctype: string, name: string): Document {
    return requireDocument(this, doctype, name)
  }

  getValue(doctype: string, name: string, fieldname: string): Value {
    const meta = this.state.metas.get(doctype)
    const row = this.state.store.table(doctype).get(name)
    if (row && fieldname in row) return row[fieldname] ?? null
    if (!meta.isSingle) return null
    return (loadDocument(this, doctype, name)?.[fieldname] as Value | undefined) ?? null
  }

  getSingle(doctype: string): Document {
    return requireDocument(this, doctype, doctype)
  }

  getAll(doctype: string, query: ListQuery = {}): Record<string, unknown>[] {
    return runQuery(this, doctype, this.#withOrder(doctype, query), false)
  }

  getList(doctype: string, query: ListQuery = {}): Record<string, unknown>[] {
    return runQuery(this, doctype, this.#withOrder(doctype, query), true)
  }

  /** Python's `get_list` sorts by the doctype's own rule; REST passes null and gets no order. */
  #withOrder(doctype: string, query: ListQuery): ListQuery {
    if (query.order_by !== undefined) return query
    const { definition } = this.state.metas.get(doctype)
    const order = `${definition.sort_field || 'modified'} ${definition.sort_order || 'desc'}`
    return { ...query, order_by: definition.sort_field?.includes(',') ? null : order }
  }

  hasPermission(doctype: string, type: PermissionType, document?: Document): boolean {
    return hasPermission(this, doctype, type, document)
  }

  checkPermission(doctype: string, type: PermissionType, document?: Document): void {
    checkPermission(this, doctype, type, document)
  }

  newDoc(doctype: string, values: Record<string, unknown> = {}): Document {
    const defaults = newDocument(this, this.state.metas.get(doctype))
    return materialize(this, { ...defaults, ...values, doctype })
  }

  insert(document: DocumentInput, options: WriteOptions = {}): Document {
    return this.savepoint(() => insertDocument(this, document, options))
  }

  save(document: DocumentInput, options: WriteOptions = {}): Document {
    return this.savepoint(() => saveDocument(this, document, options))
  }

  submit(document: DocumentInput, options: WriteOptions = {}): Document {
    return this.save({ ...document, docstatus: 1 }, options)
  }

  cancel(document: DocumentInput, options: WriteOptions = {}): Document {
    return this.save({ ...document, docstatus: 2 }, options)
  }

  delete(doctype: string, name: string, options: WriteOptions = {}): void {
    this.savepoint(() => deleteDocument(this, doctype, name, options))
  }

  dbSet(
    doctype: string,
    name: string,
    values: Record<string, unknown>,
    updateModified = true,
  ): void {
    const stamps = updateModified ? { modified: this.now(), modified_by: this.user } : {}
    setColumns(this, this.state.metas.get(doctype), name, { ...values, ...stamps })
  }

  dbInsert(document: DocumentInput): Document {
    const row = materialize(this, document)
    const now = this.now()
    const stamps = { owner: this.user, creation: now, modified: now, modified_by: this.user }
    for (const [key, value] of Object.entries(stamps)) row[key] ||= value
    insertPlainRow(this, row, this.state.metas.get(document.doctype))
    return row
  }

  dbDelete(doctype: string, filters: Record<string, unknown>): void {
    removePlainRows(this, doctype, filters)
  }

  takeNumber(document: Document): void {
    takeNumber(document, this.state.metas.get(document.doctype), this)
  }

  readFile(url: string): Buffer | null {
    return this.state.contents.read(url)
  }

  writeFile(url: string, bytes: Buffer): void {
    this.state.contents.write(url, bytes)
  }

  getPassword(doctype: string, name: string, field: string): string | null {
    return this.state.store.secret(secretKey(doctype, name, field))
  }

  getDefault(key: string): string | null {
    return defaultFor(this.state, this.user, key)
  }

  as<T>(user: string, run: (site: SiteSession) => T): T {
    return run(new SiteSession(this.state, user, this.#scope))
  }

  msgprint(message: string, indicator?: string): void {
    this.messages.push({ message, title: 'Message', ...(indicator ? { indicator } : {}) })
  }

  savepoint<T>(run: () => T): T {
    return this.transaction.savepoint(run)
  }

  dryRun<T>(run: () => T): { result: T; deferred: DeferredEffect[] } {
    return this.transaction.dryRun(run)
  }

  guard<T>(mode: 'preview' | 'apply', run: () => T): T {
    return this.transaction.guard.within(mode, run)
  }

  defer(effect: DeferredEffect): void {
    this.transaction.defer(effect)
  }

  callOut(host: string): void {
    this.transaction.guard.checkOutbound(host)
  }

  commit(): void {
    this.transaction.guard.checkCommit()
    for (const effect of this.transaction.commit()) effect.run(this)
  }
}
