import { randomBytes } from 'node:crypto'
import { runSql } from './postgres-server.ts'

export interface FreshDatabase {
  /** What the bridge runs with: a login that owns nothing and is no superuser. */
  url: string
  /** What migrates: the login that owns the database. */
  migrationUrl: string
}

export const APPLICATION_LOGIN = 'steward_app'
const OWNER_LOGIN = 'steward_owner'

/** An empty database set up as docs/configuration.md tells an operator to. */
export async function freshDatabase(adminUrl: string): Promise<FreshDatabase> {
  const name = `steward_${randomBytes(6).toString('hex')}`
  await runSql(adminUrl, [
    ensureLogin(OWNER_LOGIN, 'createrole'),
    ensureLogin(APPLICATION_LOGIN, ''),
    `create database ${name} owner ${OWNER_LOGIN}`,
    `grant create on database ${name} to ${APPLICATION_LOGIN}`,
  ])
  const as = (login: string) => {
    const url = new URL(adminUrl)
    url.username = login
    url.pathname = `/${name}`
    return url.href
  }
  return { url: as(APPLICATION_LOGIN), migrationUrl: as(OWNER_LOGIN) }
}

function ensureLogin(login: string, options: string): string {
  return `do $$ begin
    if not exists (select 1 from pg_roles where rolname = '${login}') then
      create role ${login} login ${options};
    end if;
  end $$`
}
