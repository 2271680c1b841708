import { sql, type Kysely } from 'kysely'
import type { MigrationFile } from '../../database/index.ts'

/**
 * Entries are only ever added, and only by `audit_append`, which runs as the tables' owner: the roles
 * that serve people may read a chain, not write one. It locks the team's chain until its transaction
 * ends, so that two entries never follow the same one.
 */
export const auditMigration: MigrationFile = {
  name: '2026-11-24-005-audit',
  up: async (db) => {
    await sql`create table audit_event (
      site_id text not null, team_id text not null, seq bigint not null,
      at timestamptz not null, action text not null, person text,
      target_kind text not null, target_id text not null, details jsonb not null,
      previous_hash text not null, hash text not null,
      primary key (site_id, team_id, seq))`.execute(db)
    await sql`create index audit_event_of_target
      on audit_event (site_id, team_id, target_kind, target_id, seq desc)`.execute(db)
    await protect(db)
    await createAppend(db)
  },
}

async function protect(db: Kysely<unknown>): Promise<void> {
  await sql`create function audit_refuse_change() returns trigger language plpgsql as $$
    begin raise exception 'The audit chain is never changed, only added to.'; end $$`.execute(db)
  await sql`create trigger audit_event_row before update or delete on audit_event
    for each row execute function audit_refuse_change()`.execute(db)
  await sql`create trigger audit_event_table before truncate on audit_event
    for each statement execute function audit_refuse_change()`.execute(db)
  await sql`alter table audit_event enable row level security`.execute(db)
  await sql`alter table audit_event force row level security`.execute(db)
  await sql`create policy tenant_rows on audit_event for select to steward_tenant
    using (site_id = current_setting('app.site', true)
      and team_id = current_setting('app.team', true))`.execute(db)
  await sql`create policy system_rows on audit_event for select to steward_system
    using (true)`.execute(db)
  await sql`create policy owner_rows on audit_event to current_user
    using (true) with check (true)`.execute(db)
  await sql`grant select on audit_event to steward_tenant, steward_system`.execute(db)
}

/**
 * `content` is the entry as canonical JSON. Its hash is SHA-256 of the hash before it, its number and
 * `content`, a line each. With `only_new` nothing is added while the newest entry about the same
 * target has the same `details.state`.
 */
async function createAppend(db: Kysely<unknown>): Promise<void> {
  await sql`create function audit_append(content text, only_new boolean) returns bigint
    language plpgsql security definer set search_path = pg_catalog, public as $$
    declare
      entry jsonb := content::jsonb;
      site text := entry ->> 'site_id';
      team text := entry ->> 'team_id';
      last record;
      place bigint;
    begin
      if current_setting('role') = 'steward_tenant'
        and (site, team) is distinct from
          (current_setting('app.site', true), current_setting('app.team', true)) then
        raise exception 'new row violates row-level security: another team''s audit chain';
      end if;
      perform pg_advisory_xact_lock(hashtextextended(site || E'\n' || team, 7301412));
      if only_new and entry -> 'details' -> 'state' = (
        select known.details -> 'state' from audit_event known
        where known.site_id = site and known.team_id = team
          and known.target_kind = entry ->> 'target_kind'
          and known.target_id = entry ->> 'target_id'
        order by known.seq desc limit 1) then
        return null;
      end if;
      select known.seq, known.hash into last from audit_event known
        where known.site_id = site and known.team_id = team order by known.seq desc limit 1;
      place := coalesce(last.seq, 0) + 1;
      insert into audit_event values (site, team, place, (entry ->> 'at')::timestamptz,
        entry ->> 'action', entry ->> 'person', entry ->> 'target_kind', entry ->> 'target_id',
        entry -> 'details', coalesce(last.hash, ''),
        encode(sha256(convert_to(coalesce(last.hash, '') || E'\n' || place || E'\n' || content,
          'UTF8')), 'hex'));
      return place;
    end $$`.execute(db)
  await sql`revoke execute on function audit_append(text, boolean) from public`.execute(db)
  await sql`grant execute on function audit_append(text, boolean)
    to steward_tenant, steward_system`.execute(db)
}
