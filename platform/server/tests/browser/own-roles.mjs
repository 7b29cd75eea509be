// Roles of a team's own, by clicking: a team gets one, somebody has it, what it holds is changed, it is looked over, and all is
// cleaned up.
import assert from 'node:assert/strict'
import { step, until } from './world.mjs'

const TEAM = '/dashboard/teams/acme-widgets'
const ROLES = `${TEAM}/access/roles`
const ROLE = 'shipping'

export async function ownRoles(world) {
  const [ada, joe, vera, jill] = await Promise.all(['ada@acme.com', 'joe@acme.com', 'vera@acme.com', 'jill@creativeinc.com']
    .map(email => world.person(email)))
  let address = ''
  const may = async (email, action) => {
    const body = { subject: { type: 'user', id: email }, action: { name: action }, resource: { type: 'app', id: 'acme-website' } }
    const headers = { authorization: `Bearer ${world.tokens['ada@acme.com']}`, 'content-type': 'application/json' }
    const answer = await fetch(`${world.address}/access/v1/evaluation`, { method: 'POST', headers, body: JSON.stringify(body) })
    assert.equal(answer.status, 200)
    return (await answer.json()).decision
  }
  const give = async (email, role) => {
    const { status } = await world.api('ada@acme.com', 'PUT', '/x/teams/acme-widgets/members', { email, role })
    assert.equal(status, 200)
  }
  // Whom a list of people names.
  const listed = async person => (await person.column()).map(text => text.split('\n')[0])
  const edits = async (person, email) => {
    await person.open(`${TEAM}/access`)
    await person.follow(`Edit ${email}`)
  }
  const before = JSON.stringify(await held(world))

  await step('Under Access there are roles: of an Enterprise Team, and of no other', [ada], async () => {
    await ada.open(`${TEAM}/access`)
    assert.equal(await ada.page.locator('form.filter option', { hasText: 'own' }).count(), 0)
    await ada.follow('Roles', ada.page.getByRole('navigation', { name: 'Access' }))
    assert.equal(new URL(ada.page.url()).pathname, ROLES)
    await ada.says(/The team has no roles of its own yet\./)
    const sam = await world.person('sam@acme-inc.com')
    await sam.shows('/dashboard/teams/acme-inc/access')
    assert.equal(await sam.page.getByRole('link', { name: 'Roles', exact: true }).count(), 0)
    await sam.shows('/dashboard/teams/acme-inc/access/roles', 404)
  })

  await step('An admin makes a role, and is led to it; what changes something comes with what shows it', [ada], async () => {
    await ada.unfold('New role')
    await ada.does('Create role', { Name: ROLE, 'view users': true, deploy: true })
    assert.equal(await ada.page.getByRole('heading', { level: 2 }).first().innerText(), ROLE)
    address = new URL(ada.page.url()).pathname
    const holds = await ada.section('What it holds').locator('dl').innerText()
    assert.match(holds, /view team, view apps, view users, view collaborators, view preferences, view roles\s+On every app\s+view\s+deploy/)
    await ada.says(/Nobody has it\./)
    await ada.open(ROLES)
    assert.deepEqual(await ada.column(), [ROLE])
    assert.deepEqual(await ada.column(2), ['0'])
  })

  await step('Its name is its own: not that of another, nor of a role that is built in', [ada], async () => {
    for (const name of [ROLE, 'viewer']) {
      await ada.open(ROLES)
      await ada.unfold('New role')
      await ada.isRefused(new RegExp(`the role name \`${name}\` is taken`), 'Create role', { Name: name, operate: true })
      assert.ok(await ada.field('operate', ada.form('Create role')).isChecked(), 'what was chosen stays')
    }
  })

  await step('It is given on the page of a person, and counts at once', [ada, vera], async () => {
    assert.ok(!await may('vera@acme.com', 'push-code'))
    await edits(ada, 'vera@acme.com')
    assert.match(await ada.does('Change role', { Role: ROLE }), /from viewer to `shipping`/)
    assert.ok(await may('vera@acme.com', 'push-code') && !await may('vera@acme.com', 'restart-app'))
    await vera.open('/dashboard/apps/acme-website')
    await vera.says(/role shipping/)
    await ada.open(`${TEAM}/access/matrix?filter=vera`)
    assert.equal(await ada.row('vera@acme.com').locator('td').first().innerText(), ROLE)
    await ada.open('/dashboard/apps/acme-website/access')
    assert.match(await ada.section('People').locator('tr').filter({ hasText: 'vera@acme.com' }).innerText(), /role shipping/)
  })

  await step('Whoever has it finds what it shows on the tabs of the team, and why the rest is not there', [vera], async () => {
    await vera.shows(`${TEAM}/access`)
    await vera.says(/Enterprise Team, shipping/)
    assert.ok((await listed(vera)).includes('joe@acme.com'))
    await vera.shows(`${TEAM}/usage`)
    for (const part of ['Current use', 'Statements']) assert.ok(await vera.section(part).locator('.denied').isVisible(), part)
    assert.equal(await vera.page.locator('main table').count(), 0)
    await vera.shows(ROLES)
    assert.deepEqual(await vera.column(), [ROLE])
    await vera.shows(address)
    await vera.says(/view team, view apps, view users/)
    const back = vera.page.locator('a.back')
    assert.match(await back.innerText(), /Every role/)
    await vera.navigated(() => back.click())
    assert.equal(new URL(vera.page.url()).pathname, ROLES)
  })

  await step('What it holds is changed for everybody who has it, at once', [ada, vera], async () => {
    await ada.open(address)
    await ada.unfold('Change what it holds')
    await ada.does('Save', { deploy: false, operate: true, 'view usage': true })
    assert.match(await ada.section('What it holds').locator('dl').innerText(), /view usage[\s\S]*On every app\s+view\s+operate/)
    assert.ok(await may('vera@acme.com', 'restart-app') && !await may('vera@acme.com', 'push-code'))
    await vera.shows(`${TEAM}/usage`)
    assert.equal(await vera.section('Current use').locator('.denied').count(), 0)
    assert.ok(await vera.section('Statements').locator('.denied').isVisible(), 'that is for who sees invoices')
    await ada.unfold('Change what it holds')
    await ada.isRefused(/already holds exactly this/, 'Save')
  })

  await step('Who has it: by the number in the list of roles, and by the filter of the Access tab and of the matrix', [ada], async () => {
    await ada.open(ROLES)
    await ada.follow(`1 person in role ${ROLE}`)
    assert.deepEqual(await listed(ada), ['vera@acme.com'])
    const role = ada.page.locator('form.filter select[name=role]')
    const chosen = () => role.evaluate(one => one.selectedOptions[0].textContent)
    assert.equal(await chosen(), `role ${ROLE}`)
    await role.selectOption({ label: 'Every role' })
    await until(async () => (await ada.column()).length > 3, 'everybody')
    await role.selectOption({ label: 'viewers' })
    await until(async () => !(await listed(ada)).includes('vera@acme.com'), 'she is no viewer')
    await role.selectOption({ label: `role ${ROLE}` })
    await until(async () => (await listed(ada)).join() === 'vera@acme.com', 'who has the role')
    assert.equal(new URL(ada.page.url()).searchParams.get('role'), address.split('/').at(-1), 'what is shown has an address')
    await ada.open(`${TEAM}/access/matrix`)
    await role.selectOption({ label: `role ${ROLE}` })
    await until(async () => (await listed(ada)).join() === 'vera@acme.com', 'who has the role, in the matrix')
    await ada.open(address)
    assert.deepEqual(await listed(ada), ['vera@acme.com'])
  })

  await step('Who is in the team sees the roles, and why they change nothing; a collaborator sees none', [joe, jill], async () => {
    await joe.open(ROLES)
    assert.deepEqual(await joe.column(), [ROLE])
    await joe.unfold('New role')
    await joe.cannot('Create role', /only admins can manage the roles/)
    await joe.open(address)
    await joe.cannot('Rename role', /only admins/)
    await joe.cannot('Delete role', /only admins/)
    await joe.unfold('Change what it holds')
    await joe.cannot('Save', /only admins/)
    for (const path of [ROLES, address]) await jill.shows(path, 403)
    await jill.shows('/dashboard/apps/acme-website/access')
    assert.doesNotMatch(await jill.text(), /shipping/)
  })

  await step('It is renamed, and stays where it is', [ada, vera], async () => {
    await ada.open(address)
    await ada.does('Rename role', { Name: 'night-shift' })
    assert.equal(new URL(ada.page.url()).pathname, address)
    await vera.open(TEAM + '/access')
    await vera.says(/Enterprise Team, night-shift/)
    await ada.does('Rename role', { Name: ROLE })
  })

  await step('While somebody has it, is invited to it or gets it by default, it is not deleted, and says so', [ada], async () => {
    await ada.open(`${TEAM}/access`)
    await ada.unfold('Add User')
    await ada.does('Add User', { 'E-mail': 'new@example.com', Role: ROLE })
    const invited = ada.section('Pending invitations').locator('tr').filter({ hasText: 'new@example.com' })
    assert.match(await invited.innerText(), /shipping/)
    await ada.open(`${TEAM}/settings`)
    await ada.does('Change', { Role: ROLE }, ada.section('Default role'))
    await ada.open(address)
    await ada.cannot('Delete role', /is in use: members: `vera@acme\.com`/)
    await ada.open(`${TEAM}/access`)
    await ada.does('Revoke', {}, invited)
    await ada.open(`${TEAM}/settings`)
    await ada.does('Change', { Role: 'member' }, ada.section('Default role'))
  })

  await step('Whoever deletes a role that somebody was just given is refused, and nobody loses it', [ada], async () => {
    const { status } = await world.api('ada@acme.com', 'POST', '/x/teams/acme-widgets/roles', { name: 'spare' })
    assert.equal(status, 201)
    await ada.open(ROLES)
    await ada.follow('spare')
    await give('kim@acme.com', 'spare')
    await ada.isRefused(/role `spare` is in use: members: `kim@acme\.com`/, 'Delete role')
    await ada.open(`${TEAM}/access?filter=kim`)
    assert.match(await ada.row('kim@acme.com').innerText(), /spare/)
    await give('kim@acme.com', 'member')
    await ada.open(ROLES)
    await ada.follow('spare')
    await ada.does('Delete role')
  })

  await step('It is taken away on the page of the person, and deleted after a question', [ada, vera], async () => {
    await edits(ada, 'vera@acme.com')
    assert.match(await ada.does('Change role', { Role: 'viewer' }), /from `shipping` to viewer/)
    assert.ok(!await may('vera@acme.com', 'restart-app'))
    await ada.open(address)
    await ada.says(/Nobody has it\./)
    await ada.does('Delete role')
    assert.equal(new URL(ada.page.url()).pathname, ROLES)
    await ada.says(/The team has no roles of its own yet\./)
    await ada.shows(address, 404)
    assert.equal(JSON.stringify(await held(world)), before, 'everybody holds what they held')
    await vera.open(`${TEAM}/access`)
    await vera.says(/Enterprise Team, viewer/)
  })

  await step('The log tells it in sentences, as a kind of its own', [ada], async () => {
    await ada.open(`${TEAM}/activity`)
    await ada.page.getByLabel('Kind').selectOption({ label: 'Roles of a team\'s own' })
    await ada.navigated(() => ada.page.getByRole('button', { name: 'Filter' }).click())
    await ada.says(/created role `shipping` in team `acme-widgets`/)
    await ada.says(/changed what role `shipping` holds/)
    await ada.says(/renamed role `shipping` to `night-shift`/)
    await ada.says(/deleted role `shipping`/)
    assert.doesNotMatch(await ada.text(), /from viewer to/, 'who got it is told among the members')
    await ada.open(`${TEAM}/activity`)
    await ada.says(/from viewer to `shipping`/)
  })

  await step('Without scripts: a role is made, given, found by the filter, taken away, and deleted', [], async () => {
    const plain = await world.person('ada@acme.com', { javaScriptEnabled: false })
    await plain.open(ROLES)
    await plain.page.locator('summary', { hasText: 'New role' }).click()
    await plain.field('Name', plain.form('Create role')).fill('plain')
    await plain.navigated(() => plain.page.getByRole('button', { name: 'Create role' }).click())
    await plain.says(/Nobody has it\./)
    const role = new URL(plain.page.url()).pathname
    const changes = async to => {
      await edits(plain, 'vera@acme.com')
      await plain.page.locator('select[name=role]').selectOption({ label: to })
      await plain.navigated(() => plain.page.getByRole('button', { name: 'Change role' }).click())
    }
    await changes('plain')
    await plain.open(`${TEAM}/access`)
    await plain.page.locator('form.filter select[name=role]').selectOption({ label: 'role plain' })
    await plain.navigated(() => plain.page.getByRole('button', { name: 'Filter' }).click())
    assert.deepEqual(await listed(plain), ['vera@acme.com'])
    await changes('viewer')
    await plain.open(role)
    await plain.navigated(() => plain.page.getByRole('button', { name: 'Delete role' }).click())
    await plain.says(/deleted role `plain`/)
  })
}

// Who is what in the team, and who holds what on one of its apps.
async function held(world) {
  const ask = path => world.api('ada@acme.com', 'GET', path).then(({ body }) => body)
  const people = (await ask('/x/teams/acme-widgets/members')).map(one => [one.user.email, one.role])
  const on = (await ask('/teams/apps/acme-website/collaborators')).map(one => [one.user.email, one.permissions.map(permission => permission.name)])
  return { people, on }
}
