import type { Controller, Document, DocumentInput, WriteOptions } from './contract.ts'
import { fillDefaults } from './defaults.ts'
import { actionOf, checkIfLatest, checkUpdateAfterSubmit } from './docstatus.ts'
import type { SaveAction } from './docstatus.ts'
import { checkSetOnlyOnce, validateValues } from './document-checks.ts'
import { allChildren, materialize, requireDocument } from './documents.ts'
import { validationError } from './errors.ts'
import type { InnerSite } from './inner-site.ts'
import { validateLinks } from './link-checks.ts'
import { checkNoBackLinks } from './linked-documents.ts'
import type { Meta } from './metas.ts'
import { hashName, setNewName } from './naming.ts'
import { savePasswords } from './passwords.ts'
import { checkPermission } from './permissions/has-permission.ts'
import { resetHigherPermlevels } from './permissions/permlevel.ts'
import { insertRows, updateRows } from './row-writer.ts'

/** `Document.insert`: the order of the steps is Frappe's, and apps depend on it. */
export function insertDocument(
  site: InnerSite,
  input: DocumentInput,
  options: WriteOptions,
): Document {
  const meta = site.state.metas.get(input.doctype)
  const document = materialize(site, input)
  setAllDefaults(site, meta, document, input)
  stamp(site, document, meta, null)
  const action = actionOf(0, document.docstatus)
  if (!options.ignorePermissions) checkPermission(site, meta.name, 'create', document)
  if (action === 'submit') checkSubmit(site, meta, document, options)
  run(site, meta, (controller) => controller.beforeLinks?.(document, site))
  if (!options.ignoreLinks) validateLinks(site, document, meta, true)
  run(site, meta, (controller) => controller.beforeInsert?.(document, site))
  setNewName(document, meta, site, options.setName)
  nameChildren(document, meta, true)
  if (!options.ignorePermissions) resetHigherPermlevels(site, document, meta, null)
  runBeforeSave(site, meta, document, null, action)
  validateValues(site, document, meta, options.ignoreMandatory ?? false)
  savePasswords(site, document, meta)
  spreadDocstatus(document, meta)
  insertRows(site, document, meta)
  run(site, meta, (controller) => controller.afterInsert?.(document, site))
  if (document.amended_from) checkAmendedFrom(site, document, meta)
  runAfterSave(site, meta, document, null, action)
  return requireDocument(site, meta.name, document.name)
}

/** `Document.save` of a stored document; docstatus decides whether it is a submit or a cancel. */
export function saveDocument(
  site: InnerSite,
  input: DocumentInput,
  options: WriteOptions,
): Document {
  const meta = site.state.metas.get(input.doctype)
  if (!input.name) return insertDocument(site, input, options)
  const document = materialize(site, input)
  const before = requireDocument(site, meta.name, document.name)
  document.name = before.name
  setChildDefaults(site, meta, document, input)
  if (!options.ignorePermissions) checkPermission(site, meta.name, 'write', document)
  const sentModified = String(input.modified ?? '')
  stamp(site, document, meta, before)
  if (!meta.isSingle || before.creation) checkIfLatest(document, before, sentModified)
  const action = meta.isSingle ? 'save' : actionOf(before.docstatus, document.docstatus)
  if (action !== 'save') checkSubmit(site, meta, document, options, action)
  nameChildren(document, meta, false)
  if (!options.ignorePermissions) resetHigherPermlevels(site, document, meta, before)
  if (!options.ignoreLinks && action !== 'cancel') validateLinks(site, document, meta, false)
  runBeforeSave(site, meta, document, before, action)
  if (action !== 'cancel') {
    validateValues(site, document, meta, options.ignoreMandatory ?? false)
    checkSetOnlyOnce(document, before, meta)
    savePasswords(site, document, meta)
  }
  if (action === 'update_after_submit') checkUpdateAfterSubmit(site, document, before, meta)
  spreadDocstatus(document, meta)
  updateRows(site, document, meta)
  runAfterSave(site, meta, document, before, action)
  if (action === 'cancel') checkNoBackLinks(site, document, meta, 'Cancel')
  return requireDocument(site, meta.name, document.name)
}

function setAllDefaults(
  site: InnerSite,
  meta: Meta,
  document: Document,
  input: DocumentInput,
): void {
  fillDefaults(site, meta, document, givenKeys(input))
  setChildDefaults(site, meta, document, input)
}

/** New child rows get their defaults too, on insert and on save. */
function setChildDefaults(
  site: InnerSite,
  meta: Meta,
  document: Document,
  input: DocumentInput,
): void {
  for (const field of meta.tables) {
    const given = (input[field.fieldname] as Record<string, unknown>[] | undefined) ?? []
    const rows = (document[field.fieldname] as Document[] | undefined) ?? []
    rows.forEach((row, index) => {
      if (row.name) return
      const rowMeta = site.state.metas.get(row.doctype)
      fillDefaults(site, rowMeta, row, givenKeys(given[index] ?? {}), document)
    })
  }
}

function givenKeys(input: Record<string, unknown>): ReadonlySet<string> {
  const given = Object.entries(input).filter(([, value]) => value !== null && value !== undefined)
  return new Set(given.map(([key]) => key))
}

function stamp(site: InnerSite, document: Document, meta: Meta, before: Document | null): void {
  document.modified = site.now()
  document.modified_by = site.user
  document.creation = before?.creation || document.modified
  document.owner = before?.owner || site.user
  for (const row of allChildren(document, meta)) {
    row.modified = document.modified
    row.modified_by = document.modified_by
    row.owner ||= document.owner
    row.creation ||= document.creation
  }
  spreadDocstatus(document, meta)
}

function spreadDocstatus(document: Document, meta: Meta): void {
  for (const row of allChildren(document, meta)) row.docstatus = document.docstatus
}

function checkSubmit(
  site: InnerSite,
  meta: Meta,
  document: Document,
  options: WriteOptions,
  action: SaveAction = 'submit',
): void {
  if (options.ignorePermissions) return
  checkPermission(site, meta.name, action === 'cancel' ? 'cancel' : 'submit', document)
}

/** New rows get a name; a new document's rows always get fresh ones. */
function nameChildren(document: Document, meta: Meta, isNew: boolean): void {
  for (const row of allChildren(document, meta)) {
    if (isNew || !row.name) row.name = hashName()
    row.parent = document.name
    row.parenttype = document.doctype
  }
}

function checkAmendedFrom(site: InnerSite, document: Document, meta: Meta): void {
  const original = site.state.store.table(meta.name).get(String(document.amended_from))
  if (original?.docstatus === 2) return
  throw validationError(
    `${String(document.amended_from)} cannot be amended because it is not cancelled. Please cancel the document before creating an amendment.`,
    { title: 'Amendment Not Allowed' },
  )
}

function runBeforeSave(
  site: InnerSite,
  meta: Meta,
  document: Document,
  before: Document | null,
  action: SaveAction,
): void {
  if (action === 'save' || action === 'submit') {
    run(site, meta, (controller) => controller.beforeValidate?.(document, site, before))
    run(site, meta, (controller) => controller.validate?.(document, site, before))
  }
  if (action === 'save') run(site, meta, (hooks) => hooks.beforeSave?.(document, site, before))
  if (action === 'submit') run(site, meta, (hooks) => hooks.beforeSubmit?.(document, site))
  if (action === 'cancel') run(site, meta, (hooks) => hooks.beforeCancel?.(document, site))
}

function runAfterSave(
  site: InnerSite,
  meta: Meta,
  document: Document,
  before: Document | null,
  action: SaveAction,
): void {
  if (action === 'save' || action === 'submit') {
    run(site, meta, (hooks) => hooks.onUpdate?.(document, site, before))
  }
  if (action === 'submit') run(site, meta, (hooks) => hooks.onSubmit?.(document, site))
  if (action === 'cancel') run(site, meta, (hooks) => hooks.onCancel?.(document, site))
  if (action === 'update_after_submit') {
    run(site, meta, (hooks) => hooks.onUpdateAfterSubmit?.(document, site))
  }
}

/** The doctype's controllers, then those for every doctype. */
function run(site: InnerSite, meta: Meta, call: (controller: Controller) => void): void {
  for (const controller of site.state.controllersOf(meta.name)) call(controller)
}
