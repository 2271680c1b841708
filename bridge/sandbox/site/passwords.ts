import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto'
import type { Document } from './contract.ts'
import { allChildren } from './documents.ts'
import type { InnerSite, SiteState } from './inner-site.ts'
import type { Meta } from './metas.ts'

/** Password fields keep stars in the row; the value lives among the secrets. */
export function savePasswords(site: InnerSite, document: Document, meta: Meta): void {
  for (const part of [document, ...allChildren(document, meta)]) {
    for (const field of site.state.metas.get(part.doctype).fields) {
      if (field.fieldtype !== 'Password') continue
      const value = part[field.fieldname]
      if (typeof value !== 'string' || /^\**$/.test(value)) continue
      site.state.store.setSecret(secretKey(part.doctype, part.name, field.fieldname), value)
      part[field.fieldname] = '*'.repeat(value.length)
    }
  }
}

export function secretKey(doctype: string, name: string, field: string): string {
  return `${doctype}\u0000${name}\u0000${field}`
}

// Light on purpose: a sandbox hashes a dozen sample logins at start and guards no real secret.
const COST = { N: 1024, r: 8, p: 1 }

export function setLoginPassword(state: SiteState, user: string, password: string): void {
  const salt = randomBytes(16)
  const hash = scryptSync(password, salt, 32, COST)
  const stored = `${salt.toString('hex')}:${hash.toString('hex')}`
  state.store.setSecret(secretKey('User', user, 'login'), stored)
}

export function isLoginPassword(state: SiteState, user: string, password: string): boolean {
  const stored = state.store.secret(secretKey('User', user, 'login'))
  if (!stored) return false
  const [salt = '', hash = ''] = stored.split(':')
  const given = scryptSync(password, Buffer.from(salt, 'hex'), 32, COST)
  return timingSafeEqual(given, Buffer.from(hash, 'hex'))
}
