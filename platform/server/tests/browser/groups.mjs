// Groups, by clicking: a team gets three, people are put in, they are granted permissions on apps, it is looked over, and all is
// cleaned up.
import assert from 'node:assert/strict'
import { step } from './world.mjs'

const TEAM = '/dashboard/teams/acme-widgets'
const GROUPS = `${TEAM}/access/groups`
// Who is in which group, and what it holds on which app.
const WANTED = {
  backend: { people: ['joe@acme.com', 'kim@acme.com'], apps: { 'acme-api': ['deploy', 'operate'], 'acme-website': ['deploy'] } },
  support: { people: ['vera@acme.com', 'kim@acme.com'], apps: { 'acme-website': ['operate'] } },
  writers: { people: ['lee@acme.com', 'ada@acme.com'], apps: { 'acme-website': ['manage'] } },
}

export async function groups(world) {
  const [ada, joe, vera, jill] = await Promise.all(['ada@acme.com', 'joe@acme.com', 'vera@acme.com', 'jill@creativeinc.com']
    .map(email => world.person(email)))
  const address = {}
  const may = async (email, action, app) => {
    const body = { subject: { type: 'user', id: email }, action: { name: action }, resource: { type: 'app', id: app } }
    const headers = { authorization: `Bearer ${world.tokens['ada@acme.com']}`, 'content-type': 'application/json' }
    const answer = await fetch(`${world.address}/access/v1/evaluation`, { method: 'POST', headers, body: JSON.stringify(body) })
    assert.equal(answer.status, 200)
    return (await answer.json()).decision
  }
  const apps = new Set(Object.values(WANTED).flatMap(({ apps }) => Object.keys(apps)))
  const before = JSON.stringify(await held(world, apps))

  await step('Under Access there are groups: of an Enterprise Team, and of no other', [ada], async () => {
    await ada.open(`${TEAM}/access`)
    await ada.follow('Groups', ada.page.getByRole('navigation', { name: 'Access' }))
    assert.equal(new URL(ada.page.url()).pathname, GROUPS)
    await ada.says(/There are no groups yet\./)
    const sam = await world.person('sam@acme-inc.com')
    await sam.shows('/dashboard/teams/acme-inc/access')
    assert.equal(await sam.page.getByRole('link', { name: 'Groups', exact: true }).count(), 0)
  })

  await step('An admin makes three groups, and is led to each', [ada], async () => {
    for (const name of Object.keys(WANTED)) {
      await ada.open(GROUPS)
      await ada.unfold('New group')
      await ada.does('Create group', { Name: name })
      assert.equal(await ada.page.getByRole('heading', { level: 2 }).first().innerText(), name)
      address[name] = new URL(ada.page.url()).pathname
    }
    await ada.open(GROUPS)
    assert.deepEqual(await ada.column(), Object.keys(WANTED))
    await ada.unfold('New group')
    await ada.isRefused(/the group name `backend` is taken/, 'Create group', { Name: 'backend' })
  })

  await step('Permissions are granted to a group on its own page, and on the Access tab of the app', [ada], async () => {
    await ada.open(address.backend)
    for (const [app, permissions] of Object.entries(WANTED.backend.apps)) {
      await ada.unfold('Grant on an app')
      await ada.does('Grant to group', { App: app, ...boxes(permissions) })
      assert.match(await ada.section('Apps').locator('tr').filter({ hasText: app }).innerText(), new RegExp(permissions.join('\\s*')))
    }
    for (const name of ['support', 'writers']) {
      await ada.open('/dashboard/apps/acme-website/access')
      const section = ada.section('Groups')
      await ada.unfold('Add Group', section)
      await ada.does('Add Group', { Group: name, ...boxes(WANTED[name].apps['acme-website']) }, section)
    }
    const listed = await ada.section('Groups').locator('tbody th').allInnerTexts()
    assert.deepEqual(listed.map(text => text.split('\n')[0]), Object.keys(WANTED))
  })

  await step('People are put in by e-mail; who has no role in the team is refused', [ada], async () => {
    for (const [name, { people }] of Object.entries(WANTED)) {
      await ada.open(address[name])
      for (const email of people) {
        await ada.unfold('Add to group')
        await ada.does('Add to group', { 'E-mail': email })
      }
      assert.deepEqual((await ada.column()).map(text => text.split(/\s/)[0]), [...people].sort())
    }
    await ada.unfold('Add to group')
    await ada.isRefused(/is not in team/, 'Add to group', { 'E-mail': 'jill@creativeinc.com' })
  })

  await step('What a group holds counts at once, and is told with its name', [ada, vera], async () => {
    assert.ok(await may('vera@acme.com', 'restart-app', 'acme-website'))
    assert.ok(!await may('vera@acme.com', 'push-code', 'acme-website'))
    await ada.open('/dashboard/apps/acme-website/access')
    const row = ada.section('People').locator('tr').filter({ hasText: 'kim@acme.com' })
    assert.match(await row.innerText(), /through group backend: view, deploy[\s\S]*through group support: view, operate/)
    await vera.open('/dashboard/apps/acme-website')
    await vera.says(/through group support: view, operate/)
    await ada.open(`${TEAM}/access`)
    assert.match(await ada.row('kim@acme.com').innerText(), /in groups backend, support/)
    await ada.open(`${TEAM}/access/matrix?filter=vera`)
    const column = (await ada.page.locator('#list thead th').allInnerTexts()).findIndex(text => text.trim() === 'acme-website')
    assert.equal(await ada.row('vera@acme.com').locator(`:nth-child(${column + 1})`).first().innerText(), 'view, operate')
  })

  await step('Who is in the team sees the groups, and why they change nothing; a collaborator sees none', [joe, jill], async () => {
    await joe.open(GROUPS)
    assert.deepEqual(await joe.column(), Object.keys(WANTED))
    await joe.unfold('New group')
    await joe.cannot('Create group', /only admins can manage the groups/)
    await joe.open(address.backend)
    await joe.cannot('Rename group', /only admins/)
    await joe.cannot('Delete group', /only admins/)
    await jill.shows(GROUPS, 403)
    await jill.shows('/dashboard/apps/acme-website/access')
    assert.doesNotMatch(await jill.text(), /backend|support/)
  })

  await step('An admin in a group does not add to it, and is told so', [ada], async () => {
    await ada.open(address.writers)
    await ada.unfold('Grant on an app')
    await ada.cannot('Grant to group', /is in group `writers` and cannot add to its permissions/)
  })

  await step('The log tells it in sentences, as a kind of its own', [ada], async () => {
    await ada.open(`${TEAM}/activity`)
    await ada.page.getByLabel('Kind').selectOption({ label: 'Groups' })
    await ada.navigated(() => ada.page.getByRole('button', { name: 'Filter' }).click())
    await ada.says(/created group `backend` in team `acme-widgets`/)
    await ada.says(/added user `vera@acme\.com` to group `support`/)
    await ada.says(/granted view, operate on app `acme-website` to group `support`/)
  })

  await step('What a group holds is changed and taken away; it is renamed, and stays where it is', [ada], async () => {
    await ada.open(address.support)
    const apps = ada.section('Apps')
    await ada.follow('Change what it holds on acme-website', apps)
    await ada.does('Save', { deploy: true, operate: false }, apps)
    assert.ok(await may('vera@acme.com', 'push-code', 'acme-website') && !await may('vera@acme.com', 'restart-app', 'acme-website'))
    await ada.does('Rename group', { Name: 'helpers' })
    assert.equal(new URL(ada.page.url()).pathname, address.support)
    await ada.open('/dashboard/apps/acme-website/access')
    const section = ada.section('Groups')
    await ada.follow('Change what group helpers holds', section)
    await ada.does('Take away', {}, section)
    assert.ok(!await may('vera@acme.com', 'push-code', 'acme-website'))
  })

  await step('It is cleaned up: somebody is put out, and the groups are deleted after a question', [ada], async () => {
    await ada.open(address.backend)
    await ada.does('Remove', {}, ada.row('kim@acme.com'))
    assert.ok(!await may('kim@acme.com', 'restart-app', 'acme-api'))
    for (const path of Object.values(address)) {
      await ada.open(path)
      await ada.does('Delete group')
      assert.equal(new URL(ada.page.url()).pathname, GROUPS)
      await ada.shows(path, 404)
    }
    await ada.shows(GROUPS)
    await ada.says(/There are no groups yet\./)
    assert.equal(JSON.stringify(await held(world, apps)), before, 'everybody holds what they held')
    await ada.open('/dashboard/apps/acme-website/access')
    assert.equal(await ada.page.getByRole('heading', { name: 'Groups' }).count(), 0)
  })

  await step('Without scripts: a group is made, and deleted', [], async () => {
    const plain = await world.person('ada@acme.com', { javaScriptEnabled: false })
    await plain.open(GROUPS)
    await plain.page.locator('summary', { hasText: 'New group' }).click()
    await plain.field('Name', plain.form('Create group')).fill('plain')
    await plain.navigated(() => plain.page.getByRole('button', { name: 'Create group' }).click())
    await plain.says(/Nobody is in it\./)
    await plain.navigated(() => plain.page.getByRole('button', { name: 'Delete group' }).click())
    await plain.says(/deleted group `plain`/)
  })
}

// Who holds what on these apps.
async function held(world, apps) {
  const answers = [...apps].map(app => world.api('ada@acme.com', 'GET', `/teams/apps/${app}/collaborators`))
  return (await Promise.all(answers)).map(({ body }) => body.map(one => [one.user.email, one.permissions.map(permission => permission.name)]))
}

const boxes = permissions => Object.fromEntries(permissions.map(one => [one, true]))
