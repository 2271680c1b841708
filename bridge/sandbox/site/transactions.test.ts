import { expect, test } from 'vitest'
import { createSite } from './index.ts'
import type { Site } from './index.ts'
import type { SandboxApp } from './contract.ts'

const tickets: SandboxApp = {
  name: 'tickets',
  doctypes: [
    {
      name: 'Ticket',
      module: 'Tickets',
      autoname: 'naming_series:',
      is_submittable: 1,
      fields: [
        { fieldname: 'naming_series', fieldtype: 'Select', label: 'Series', options: 'T-.YYYY.-' },
        { fieldname: 'subject', fieldtype: 'Data', label: 'Subject', reqd: 1, unique: 1 },
        { fieldname: 'steps', fieldtype: 'Table', label: 'Steps', options: 'Ticket Step' },
        { fieldname: 'amended_from', fieldtype: 'Link', label: 'Amended From', options: 'Ticket' },
      ],
      permissions: [],
    },
    {
      name: 'Ticket Step',
      module: 'Tickets',
      istable: 1,
      fields: [{ fieldname: 'text', fieldtype: 'Data', label: 'Text' }],
      permissions: [],
    },
  ],
  controllers: {
    Ticket: {
      onSubmit(document, site) {
        site.defer({ kind: 'mail', description: `mail ${document.name}`, run: () => undefined })
        if (document.subject === 'commits') site.commit()
      },
    },
  },
  methods: [],
}

function open(): Site {
  return createSite([tickets], { clock: () => new Date('2026-03-01T10:00:00Z') })
}

function ticket(subject: string): { doctype: string; subject: string; steps: object[] } {
  return { doctype: 'Ticket', subject, steps: [{ text: 'one' }, { text: 'two' }] }
}

test('a transaction that throws leaves every table, series and secret as it was', () => {
  const site = open()
  site.run('Administrator', (session) => session.insert(ticket('first')))
  const before = site.checksums()
  const failing = () =>
    site.run('Administrator', (session) => {
      const made = session.insert(ticket('second'))
      session.submit(made)
      session.delete('ToDo', session.insert({ doctype: 'ToDo', description: 'x' }).name)
      session.insert({ doctype: 'User', email: 'a@b.test', first_name: 'A', new_password: 'p' })
      throw new Error('late')
    })
  expect(failing).toThrow('late')
  expect(site.checksums()).toEqual(before)
})

test('a dry run gives result and hand-offs, and keeps nothing', () => {
  const site = open()
  const before = site.checksums()
  site.run('Administrator', (session) => {
    const { result, deferred } = session.dryRun(() => session.submit(session.insert(ticket('dry'))))
    expect(result).toMatchObject({ name: 'T-2026-00001', docstatus: 1 })
    expect(deferred.map((effect) => effect.description)).toEqual(['mail T-2026-00001'])
  })
  expect(site.checksums()).toEqual(before)
})

test('under a guard an inner commit is refused and undone; without one it keeps what was written', () => {
  const site = open()
  const submit = (guarded: boolean) =>
    site.run('Administrator', (session) => {
      const work = () => session.submit(session.insert(ticket('commits')))
      return guarded ? session.guard('apply', work) : work()
    })
  const before = site.checksums()
  expect(() => submit(true)).toThrow('commits by itself')
  expect(site.checksums()).toEqual(before)
  expect(submit(false).docstatus).toBe(1)
})

test('a preview guard refuses background jobs by name', () => {
  const site = open()
  const hand = () =>
    site.run('Administrator', (session) =>
      session.guard('preview', () =>
        session.defer({ kind: 'job', description: 'repost everything', run: () => undefined }),
      ),
    )
  expect(hand).toThrow('repost everything')
})

test('hand-offs run after the commit, and never after a rollback', () => {
  const site = open()
  const ran: string[] = []
  const effect = (description: string) => ({
    kind: 'webhook' as const,
    description,
    run: () => void ran.push(description),
  })
  site.run('Administrator', (session) => session.defer(effect('kept')))
  site.read('Administrator', (session) => session.defer(effect('dropped')))
  expect(ran).toEqual(['kept'])
})

test('a savepoint takes back only its own part', () => {
  const site = open()
  const names = site.run('Administrator', (session) => {
    session.insert(ticket('kept'))
    expect(() =>
      session.savepoint(() => {
        session.insert(ticket('lost'))
        throw new Error('inner')
      }),
    ).toThrow('inner')
    return [session.insert(ticket('after')).name, session.getAll('Ticket').length]
  })
  expect(names).toEqual(['T-2026-00002', 2])
})

test('a unique value is refused whatever its case', () => {
  const site = open()
  site.run('Administrator', (session) => session.insert(ticket('Unique')))
  const again = () => site.run('Administrator', (session) => session.insert(ticket('unique')))
  expect(again).toThrow(expect.objectContaining({ excType: 'UniqueValidationError' }))
})

test('stamps rise even when the clock stands still', () => {
  const site = open()
  const stamps = site.run('Administrator', (session) => [session.now(), session.now()])
  expect(stamps[0]).toMatch(/^2026-03-01 10:00:00\.\d{6}$/)
  expect(stamps[1]! > stamps[0]!).toBe(true)
})

test('what one caller does to its copy reaches nobody else', () => {
  const site = open()
  site.run('Administrator', (session) => {
    const { name } = session.insert(ticket('copy'))
    const copy = session.getDoc('Ticket', name)
    copy.subject = 'changed'
    ;(copy.steps as unknown as { text: string }[])[0]!.text = 'changed'
    const stored = session.getDoc('Ticket', name)
    expect(stored.subject).toBe('copy')
    expect((stored.steps as unknown as { text: string }[])[0]!.text).toBe('one')
  })
})
