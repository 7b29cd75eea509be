// What “Creating and Managing an Organization” of 2014 says that one sees and does, by clicking. A sentence, as far as it is quoted,
// stands beside what proves it.
import assert from 'node:assert/strict'
import { step } from './world.mjs'

export async function document2014(world) {
  const [sam, max, jill, joe, ada] = await Promise.all(
    ['sam@acme-inc.com', 'max@acme-inc.com', 'jill@creativeinc.com', 'joe@acme.com', 'ada@acme.com'].map(email => world.person(email)))
  const inc = '/dashboard/teams/acme-inc'

  await step('When an organization is provisioned it only has a single user - the admin user that requested the org. It is up to this '
    + 'initial admin to add other users to the org and give them the appropriate access.', [ada], async () => {
    world.admin('team', 'add', 'acme-new', '--admin', ada.email, '--standard')
    await ada.open('/dashboard/teams/acme-new/access')
    assert.deepEqual(await ada.column(), ['ada@acme.com'])
    assert.match(await ada.row('ada@acme.com').innerText(), /admin/)
    await ada.unfold('Add User')
    await ada.does('Add User', { 'E-mail': 'vera@acme.com', Role: 'member' })
    assert.deepEqual(await ada.column(), ['ada@acme.com', 'vera@acme.com'])
  })

  await step('Organizations access is partitioned across three distinct roles: Admin, member and collaborator.', [sam], async () => {
    await sam.open(`${inc}/access`)
    await sam.unfold('Add User')
    assert.deepEqual(await sam.field('Role', sam.form('Add User')).locator('option').allInnerTexts(), ['admin', 'member'])
    assert.deepEqual(await sam.page.locator('form.filter select[name=role] option').allInnerTexts(), ['Every role', 'admins', 'members', 'collaborators'])
  })

  await step('An admin user controls membership to the org, can view billing information, and can perform high-level lifecycle actions '
    + 'like locking an app to prevent additional access.', [sam, max], async () => {
    await max.open(`${inc}/access`)
    await max.unfold('Add User')
    await max.cannot('Add User', /only admins/)
    await sam.open(`${inc}/settings`)
    await sam.says(/Visa, ending in 4242/)
    await max.open(`${inc}/settings`)
    assert.doesNotMatch(await max.text(), /4242/)
    await max.cannot('Save', /only admins/, max.section('Billing and limits'))
    await sam.open('/dashboard/apps/inc-ledger')
    await sam.does('Unlock app')
    await sam.does('Lock app')
    await max.open('/dashboard/apps/inc-ledger')
    await max.cannot('Unlock app', /only/)
    await max.cannot('Join app', /locked/)
  })

  await step('The member role allows a user to … perform common development tasks like deploying and scaling the app.', [max], async () => {
    await max.open('/dashboard/apps/frozen-wave-4030/resources')
    await max.does('Scale web', { Dynos: 3 })
    assert.match(await max.row('web').innerText(), /\b3\b/)
    await max.open('/dashboard/apps/frozen-wave-4030')
    await max.unfold('New release')
    await max.does('Record release', { Description: 'Deploy 1a2b3c4' })
    await max.says(/v1[^]*Deploy 1a2b3c4/)
  })

  await step('Collaborators are a more limited case of a member in that they can deploy and develop against only specific applications – '
    + 'not all the apps within the org.', [max, jill], async () => {
    await max.open('/dashboard/apps/frozen-wave-4030/access')
    await max.unfold('Add collaborator')
    await max.does('Add collaborator', { 'E-mail': 'jill@creativeinc.com' })
    await jill.open('/dashboard/apps/frozen-wave-4030')
    assert.match(await jill.section('You').innerText(), /view\s+deploy\s+operate/)
    await jill.unfold('New release')
    await jill.does('Record release', { Description: 'Deploy 5e6f7a8' })
    assert.equal(await jill.open('/dashboard/apps/inc-ledger'), 404)
    assert.equal(await jill.open(`${inc}/apps`), (await world.api(jill.email, 'GET', '/teams/acme-inc/apps')).status)
    assert.doesNotMatch(await jill.text(), /inc-ledger/)
  })

  await step('Users can be managed from the Access tab in your org Dashboard.', [sam], async () => {
    await sam.open(inc)
    await sam.follow('Access')
    for (const [email, role] of [['joe@acme.com', 'member'], ['vera@acme.com', 'admin']]) {
      await sam.unfold('Add User')
      await sam.does('Add User', { 'E-mail': email, Role: role })
      assert.match(await sam.row(email).innerText(), new RegExp(role))
    }
  })

  await step('To transfer an application, the current app owner must select the app to transfer from their Dashboard, then go to the '
    + 'Settings pane and use the transfer drop-down …', [joe], async () => {
    await joe.open('/dashboard/personal/apps')
    await joe.follow('deep-spring-4274')
    await joe.follow('Settings')
    await joe.does('Transfer', { 'New owner': 'acme-inc' }, joe.section('Transfer Ownership'))
    await joe.open('/dashboard/apps/deep-spring-4274')
    await joe.says(/App of acme-inc/)
  })

  await step('You can also import applications in bulk from your personal account to an organization that you are a member of.', [max], async () => {
    for (const name of ['amber-field-1001', 'amber-field-1002']) {
      await max.createsApp('/dashboard/personal/apps', { Name: name })
    }
    await max.open(`${inc}/settings`)
    await max.follow('Transfer Apps')
    await max.does('Transfer', { 'amber-field-1001': true, 'amber-field-1002': true })
    await max.open(`${inc}/apps?filter=amber`)
    assert.deepEqual(await max.column(), ['amber-field-1001', 'amber-field-1002'])
  })

  await step('When starting a new project, org admin and member users can create an app directly within the org.', [sam, max], async () => {
    for (const person of [sam, max]) {
      await person.createsApp(`${inc}/apps`)
      assert.match(await person.title(), /^[a-z]+-[a-z]+-[1-9]\d{3}$/)
      await person.says(/App of acme-inc/)
    }
  })

  await step('Applications can be removed from an org by transferring them to a new owner. To transfer an application, a current org '
    + 'admin must select the app to transfer, then go to the Settings pane and use the transfer drop-down …', [max, sam], async () => {
    await max.open('/dashboard/apps/amber-field-1001/settings')
    await max.cannot('Transfer', /admin|manage/, max.section('Transfer Ownership'))
    await sam.open(`${inc}/apps`)
    await sam.follow('amber-field-1001')
    await sam.follow('Settings')
    await sam.does('Transfer to them', { 'Somebody else': 'max@acme-inc.com' }, sam.section('Transfer Ownership'))
    await max.open('/dashboard/personal/apps')
    assert.deepEqual(await max.column(), ['amber-field-1001'])
  })

  await step('Org admins have access to the Usage tab in Dashboard. From there, you can see your current resource usage against package '
    + 'limits as well as historical usage.', [sam, max, ada], async () => {
    await sam.open(inc)
    await sam.follow('Usage')
    for (const title of ['Current use', 'Last 30 days', 'Last 12 months', 'By app', 'Statements']) {
      assert.ok(await sam.section(title).isVisible(), title)
    }
    assert.match(await sam.section('By app').innerText(), /frozen-wave-4030/)
    await max.open(`${inc}/usage`)
    await max.says(/only admins/)
    assert.doesNotMatch(await max.text(), /frozen-wave-4030/)
    await ada.open('/dashboard/teams/acme-widgets/usage')
    await ada.says(/over/i)
  })
}
