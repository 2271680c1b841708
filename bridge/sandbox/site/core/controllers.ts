import { createHash, randomBytes } from 'node:crypto'
import type { Controller, Document, PermissionType, SiteContext } from '../contract.ts'
import { validationError } from '../errors.ts'
import type { InnerSite } from '../inner-site.ts'
import { setLoginPassword } from '../passwords.ts'
import { followsWorkflow, workflow } from './workflow.ts'

const user: Controller = {
  autoname: (document) =>
    String(document.email ?? '')
      .trim()
      .toLowerCase() || null,
  validate(document) {
    if (document.name !== 'Administrator' && document.name !== 'Guest') {
      document.email = document.name
    }
    const names = [document.first_name, document.middle_name, document.last_name]
    document.full_name = names.filter(Boolean).join(' ')
  },
  beforeSave: keepLoginPassword,
  afterInsert: shareWithOneself,
  onTrash(document, site) {
    if (document.name === 'Administrator' || document.name === 'Guest') {
      throw validationError(`User ${document.name} cannot be deleted`)
    }
    for (const share of site.getAll('DocShare', { filters: { user: document.name } })) {
      site.delete('DocShare', String(share.name), { ignorePermissions: true })
    }
  },
  hasPermission: (document, right, site) => mayOpenUser(document, right, site),
}

/** The clear password never reaches the row. */
function keepLoginPassword(document: Document, site: SiteContext): void {
  const password = document.new_password
  document.new_password = null
  if (typeof password !== 'string' || password === '') return
  setLoginPassword((site as InnerSite).state, document.name, password)
}

/** Everyone may open and edit their own User, through a share. */
function shareWithOneself(document: Document, site: SiteContext): void {
  if (document.name === 'Administrator' || document.name === 'Guest') return
  const share = { user: document.name, share_doctype: 'User', share_name: document.name }
  const rights = { read: 1, write: 1, share: 1 }
  site.insert({ doctype: 'DocShare', ...share, ...rights }, { ignorePermissions: true })
}

/** Nobody but Administrator opens Administrator or Guest. */
function mayOpenUser(document: Document, _right: PermissionType, site: SiteContext): boolean {
  const isStandard = document.name === 'Administrator' || document.name === 'Guest'
  return !isStandard || site.user === 'Administrator'
}

const toDo: Controller = {
  hasPermission: (document, right, site) =>
    hasToDoRole(site, right) ||
    document.allocated_to === site.user ||
    document.assigned_by === site.user,
}

/** A role with an own rule on ToDo opens all of them; the rule for `All` only what concerns one. */
function hasToDoRole(site: SiteContext, right: PermissionType): boolean {
  return site.meta('ToDo').permissions.some((rule) => {
    const gives = (rule as unknown as Record<string, unknown>)[right]
    return Boolean(gives) && rule.role !== 'All' && site.roles.has(rule.role)
  })
}

const userPermission: Controller = {
  validate(document, site, before) {
    if (document.apply_to_all_doctypes) document.applicable_for = null
    if (before) return
    const same = site.getAll('User Permission', {
      filters: {
        user: document.user,
        allow: document.allow,
        for_value: document.for_value,
        applicable_for: document.applicable_for ?? '',
      },
      limit_page_length: 1,
    })
    if (same.length) throw validationError('User permission already exists')
  },
}

const oauthClient: Controller = {
  beforeInsert(document) {
    document.client_secret = randomBytes(5).toString('hex')
  },
  validate(document) {
    document.client_id = document.name
  },
}

const bearerToken: Controller = {
  beforeValidate(document, site) {
    const { clock } = (site as InnerSite).state
    document.expiration_time ||= clock.stampIn(Number(document.expires_in) || 3600)
    document.status ||= 'Active'
  },
}

const note: Controller = {
  hasPermission(document, right, site) {
    if (right !== 'read') return true
    return Boolean(document.public) || document.owner === site.user
  },
}

const file: Controller = {
  validate(document, _site, before) {
    if (before || document.is_folder || document.file_url) return
    throw validationError('Please attach a file or set a URL')
  },
  afterDelete(document, site) {
    const url = String(document.file_url ?? '')
    const others = site.getAll('File', { filters: { file_url: url }, limit_page_length: 1 })
    if (url && others.length === 0) (site as InnerSite).state.contents.remove(url)
  },
  hasPermission: (document, right, site) => mayOpenFile(document, right, site),
}

/** A private file opens to its owner and to whoever may open the document it is attached to. */
function mayOpenFile(document: Document, right: PermissionType, site: SiteContext): boolean {
  if (document.owner === site.user || (right === 'read' && !document.is_private)) return true
  const doctype = document.attached_to_doctype as string | null
  const name = document.attached_to_name as string | null
  if (!doctype || !name) return right === 'create' || !document.is_private
  if (!site.exists(doctype, name)) return false
  const needed = right === 'read' ? 'read' : 'write'
  return site.hasPermission(doctype, needed, site.getDoc(doctype, name))
}

/** Frappe keeps files of equal content once. */
export function contentHash(bytes: Buffer): string {
  return createHash('md5').update(bytes).digest('hex')
}

export const coreControllers: Record<string, Controller> = {
  User: user,
  ToDo: toDo,
  'User Permission': userPermission,
  'OAuth Client': oauthClient,
  'OAuth Bearer Token': bearerToken,
  Note: note,
  File: file,
  Workflow: workflow,
  '*': followsWorkflow,
}
