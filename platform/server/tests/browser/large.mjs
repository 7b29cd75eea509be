// A team of 500 people with 20 groups and 1,000 apps, by clicking: it is set up, looked over and cleaned up.
import assert from 'node:assert/strict'
import { step } from './world.mjs'

const TEAM = '/dashboard/teams/acme-large'
const GROUPS = `${TEAM}/access/groups`
const numbers = count => Array.from({ length: count }, (_, number) => number)
const three = number => String(number).padStart(3, '0')
const PEOPLE = numbers(499).map(number => `person-${three(number)}@acme.com`)
const APPS = numbers(1000).map(number => `large-app-${three(number)}`)
// Each group has 25 people, and holds something on 50 apps of its own.
const CREWS = numbers(20).map(number => ({
  name: `crew-${three(number)}`,
  people: PEOPLE.slice(24 * number, 24 * number + 25),
  apps: APPS.slice(50 * number, 50 * number + 50),
  permission: number % 2 ? 'deploy' : 'operate',
}))

export async function large(world) {
  const ada = await world.person('ada@acme.com')
  const may = async (email, action, app) => {
    const body = { subject: { type: 'user', id: email }, action: { name: action }, resource: { type: 'app', id: app } }
    const headers = { authorization: `Bearer ${world.tokens['ada@acme.com']}`, 'content-type': 'application/json' }
    const answer = await fetch(`${world.address}/access/v1/evaluation`, { method: 'POST', headers, body: JSON.stringify(body) })
    assert.equal(answer.status, 200)
    return (await answer.json()).decision
  }
  const address = {}

  await step('499 people are added to a new team at once, or none where one is in it twice', [ada], async () => {
    for (const email of PEOPLE) world.admin('user', 'add', email)
    await ada.open('/dashboard/accounts/acme-corp/teams')
    await ada.unfold('New team')
    await ada.does('Create team', { Name: 'acme-large' })
    await ada.open(`${TEAM}/access`)
    await ada.unfold('Add User')
    await ada.isRefused(/ada@acme\.com: .*is already/, 'Add User', { 'E-mail': [...PEOPLE, 'ada@acme.com'].join('\n'), Role: 'member' })
    await ada.open(`${TEAM}/access`)
    assert.deepEqual((await ada.column()).map(text => text.split(/\s/)[0]), ['ada@acme.com'])
    await ada.unfold('Add User')
    assert.match(await ada.does('Add User', { 'E-mail': PEOPLE.join('\n'), Role: 'member' }), /person-498@acme\.com.*and 498 more\./)
  })

  await step('Its 1,000 apps are listed page by page, and found by a part of the name', [ada], async () => {
    for (const name of APPS) {
      const made = await world.api('ada@acme.com', 'POST', '/teams/apps', { name, team: 'acme-large' })
      assert.equal(made.status, 201, JSON.stringify(made.body))
    }
    await ada.shows(`${TEAM}/apps?filter=app-99`)
    assert.deepEqual((await ada.column()).map(text => text.split(/\s/)[0]), APPS.slice(990))
  })

  await step('20 groups are made, each with 25 people at once and 50 apps at once', [ada], async () => {
    for (const { name, people, apps, permission } of CREWS) {
      await ada.open(GROUPS)
      await ada.unfold('New group')
      await ada.does('Create group', { Name: name })
      address[name] = new URL(ada.page.url()).pathname
      await ada.unfold('Add to group')
      assert.match(await ada.does('Add to group', { 'E-mail': people.join('\n') }), /and 24 more\./)
      await ada.unfold('Grant on an app')
      assert.match(await ada.does('Grant to group', { App: apps.join(', '), [permission]: true }), /and 49 more\./)
    }
    await ada.open(GROUPS)
    assert.deepEqual(await ada.column(), CREWS.map(({ name }) => name))
    assert.deepEqual([await ada.column(2), await ada.column(3)].map(column => [...new Set(column)]), [['25'], ['50']])
  })

  await step('It is looked over: who holds what, and through which group', [ada], async () => {
    assert.ok(await may(PEOPLE[0], 'restart-app', APPS[0]) && !await may(PEOPLE[0], 'push-code', APPS[0]))
    assert.ok(await may(PEOPLE[30], 'push-code', APPS[50]) && !await may(PEOPLE[30], 'push-code', APPS[100]))
    await ada.shows(`${TEAM}/access?filter=person-024`)
    assert.match(await ada.row(PEOPLE[24]).innerText(), /in groups crew-000, crew-001/)
    await ada.shows(`/dashboard/apps/${APPS[777]}/access`)
    assert.match(await ada.section('Groups').innerText(), /crew-015/)
    await ada.shows(`${TEAM}/access/matrix?filter=person-498`)
    assert.match(await ada.row(PEOPLE[498]).innerText(), /person-498@acme\.com/)
  })

  await step('It is cleaned up: the groups go, and what they gave with them', [ada], async () => {
    for (const { name } of CREWS) {
      await ada.open(address[name])
      await ada.does('Delete group')
    }
    await ada.says(/There are no groups yet\./)
    assert.ok(!await may(PEOPLE[0], 'restart-app', APPS[0]) && !await may(PEOPLE[30], 'push-code', APPS[50]))
  })
}
