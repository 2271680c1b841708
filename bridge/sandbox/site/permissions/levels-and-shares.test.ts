import { expect, test } from 'vitest'
import type { SandboxApp } from '../contract.ts'
import { createSite } from '../index.ts'
import type { Site } from '../index.ts'

const USER = 'clerk@example.test'

const cases: SandboxApp = {
  name: 'cases',
  doctypes: [
    {
      name: 'Case File',
      module: 'Cases',
      autoname: 'field:title',
      fields: [
        { fieldname: 'title', fieldtype: 'Data', label: 'Title', reqd: 1 },
        {
          fieldname: 'verdict',
          fieldtype: 'Data',
          label: 'Verdict',
          permlevel: 1,
          default: 'open',
        },
        { fieldname: 'notes', fieldtype: 'Table', label: 'Notes', options: 'Case Note' },
      ],
      permissions: [
        { role: 'Clerk', read: 1, write: 1, create: 1 },
        { role: 'Judge', read: 1, write: 1 },
        { role: 'Judge', read: 1, write: 1, permlevel: 1 },
      ],
    },
    {
      name: 'Case Note',
      module: 'Cases',
      istable: 1,
      fields: [
        { fieldname: 'text', fieldtype: 'Data', label: 'Text' },
        { fieldname: 'secret', fieldtype: 'Data', label: 'Secret', permlevel: 1 },
      ],
      permissions: [],
    },
    {
      name: 'Sealed File',
      module: 'Cases',
      autoname: 'hash',
      fields: [{ fieldname: 'title', fieldtype: 'Data', label: 'Title' }],
      permissions: [{ role: 'Judge', read: 1, write: 1, create: 1 }],
    },
  ],
  controllers: {},
  methods: [],
  seed(site) {
    for (const role of ['Clerk', 'Judge']) site.insert({ doctype: 'Role', role_name: role })
    site.insert({ doctype: 'User', email: USER, first_name: 'C', roles: [{ role: 'Clerk' }] })
  },
}

function open(): Site {
  return createSite([cases])
}

test('a field of a higher level is not written on insert, nor changed on save', () => {
  const site = open()
  const made = site.run(USER, (session) =>
    session.insert({ doctype: 'Case File', title: 'A', verdict: 'guilty' }),
  )
  expect(made.verdict).toBe('open')
  site.run('Administrator', (session) =>
    session.save({ ...session.getDoc('Case File', 'A'), verdict: 'free' }),
  )
  const saved = site.run(USER, (session) =>
    session.save({ ...session.getDoc('Case File', 'A'), verdict: 'guilty' }),
  )
  expect(saved.verdict).toBe('free')
})

test('a list drops columns of a higher level without a word', () => {
  const site = open()
  site.run(USER, (session) => session.insert({ doctype: 'Case File', title: 'A' }))
  const fields = ['name', 'verdict', 'notes.secret']
  const rows = (user: string) =>
    site.read(user, (session) => session.getList('Case File', { fields }))
  expect(rows(USER)).toEqual([{ name: 'A' }])
  expect(rows('Administrator')).toEqual([{ name: 'A', verdict: 'open', secret: null }])
})

test('a share opens one document of a closed doctype, for reading only', () => {
  const site = open()
  const [shared, hidden] = site.run('Administrator', (session) => {
    const make = (title: string) => session.insert({ doctype: 'Sealed File', title }).name
    return [make('shared'), make('hidden')] as const
  })
  const list = () => site.read(USER, (session) => session.getList('Sealed File'))
  expect(list).toThrow(expect.objectContaining({ excType: 'PermissionError' }))
  site.run('Administrator', (session) =>
    session.insert({
      doctype: 'DocShare',
      user: USER,
      share_doctype: 'Sealed File',
      share_name: shared,
      read: 1,
    }),
  )
  expect(list()).toEqual([{ name: shared }])
  site.read(USER, (session) => {
    const may = (right: 'read' | 'write', name: string) =>
      session.hasPermission('Sealed File', right, session.getDoc('Sealed File', name))
    expect([may('read', shared), may('write', shared), may('read', hidden)]).toEqual([
      true,
      false,
      false,
    ])
  })
})

test('a permission on a tree holds for what is below, unless told otherwise', () => {
  const tree: SandboxApp = {
    name: 'tree',
    doctypes: [
      {
        name: 'Region',
        module: 'Tree',
        autoname: 'field:title',
        is_tree: 1,
        nsm_parent_field: 'parent_region',
        fields: [
          { fieldname: 'title', fieldtype: 'Data', label: 'Title' },
          {
            fieldname: 'parent_region',
            fieldtype: 'Link',
            label: 'Parent',
            options: 'Region',
            ignore_user_permissions: 1,
          },
        ],
        permissions: [{ role: 'Clerk', read: 1 }],
      },
    ],
    controllers: {},
    methods: [],
  }
  const site = createSite([cases, tree])
  site.run('Administrator', (session) => {
    const add = (title: string, parent: string | null) =>
      session.insert({ doctype: 'Region', title, parent_region: parent })
    add('World', null)
    add('North', 'World')
    add('South', 'World')
    add('Far North', 'North')
    session.insert({
      doctype: 'User Permission',
      user: USER,
      allow: 'Region',
      for_value: 'North',
      apply_to_all_doctypes: 1,
    })
  })
  const names = () =>
    site
      .read(USER, (session) => session.getList('Region', { order_by: 'name' }))
      .map((row) => row.name)
  expect(names()).toEqual(['Far North', 'North'])
  site.run('Administrator', (session) => {
    const [rule] = session.getAll('User Permission')
    session.dbSet('User Permission', String(rule?.name), { hide_descendants: 1 })
  })
  expect(names()).toEqual(['North'])
})
