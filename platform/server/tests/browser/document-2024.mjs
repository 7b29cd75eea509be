// What “Managing an Enterprise Team” of 2024 says that one sees and does, in its order, by clicking. A sentence, as far as it is quoted,
// stands beside what proves it.
import assert from 'node:assert/strict'
import { step, until } from './world.mjs'

export async function document2024(world) {
  const [ada, joe, vera, jill, kim, sam, max] = await Promise.all(['ada@acme.com', 'joe@acme.com', 'vera@acme.com', 'jill@creativeinc.com',
    'kim@acme.com', 'sam@acme-inc.com', 'max@acme-inc.com'].map(email => world.person(email)))
  const acme = '/dashboard/teams/acme-widgets'

  // Apps

  await step('Enterprise Team apps are listed under the Apps tab. … Pipelines – marked by an icon of multiple apps – don’t have a '
    + 'stack displayed.', [joe], async () => {
    await joe.open('/dashboard')
    await joe.follow(/^acme-widgets/, joe.page.locator('main'))
    assert.equal(await joe.page.locator('nav.tabs [aria-current=page]').innerText(), 'Apps')
    const website = joe.row('acme-website-staging')
    assert.equal(await website.locator('td').last().innerText(), 'heroku-24')
    const flow = joe.row('acme-flow')
    assert.ok(await flow.getByRole('img', { name: 'Pipeline' }).isVisible())
    assert.doesNotMatch(await flow.innerText(), /heroku-/)
  })

  await step('Use the filtering option to search for specific apps and pipelines.', [joe], async () => {
    const filter = joe.page.getByLabel('Filter by name')
    await filter.pressSequentially('website')
    await until(async () => (await joe.column()).length === 5, 'the five of that name')
    assert.ok((await joe.column()).every(name => name.includes('website')))
    assert.match(joe.page.url(), /filter=website/, 'what is shown has an address')
    await filter.fill('')
    await joe.page.getByLabel('Kind').selectOption({ label: 'Pipelines' })
    await until(async () => String(await joe.column()) === 'acme-flow', 'the pipeline alone')
  })

  await step('You can find the same pagination and search features for the apps list in your Heroku Teams, and personal accounts as '
    + 'well.', [sam, joe], async () => {
    await sam.open('/dashboard/teams/acme-inc/apps?filter=wave')
    assert.deepEqual(await sam.column(), ['frozen-wave-4030'])
    await joe.open('/dashboard/personal/apps?filter=spring')
    assert.deepEqual(await joe.column(), ['deep-spring-4274'])
  })

  await step('For our Enterprise Accounts users, the pagination and filtering features are also available for Enterprise Teams and '
    + 'users management under the Teams and Access tabs of their Enterprise Account.', [ada], async () => {
    await ada.open('/dashboard/accounts/acme-corp/teams')
    await ada.page.getByLabel('Filter by name').pressSequentially('lab')
    await until(async () => String(await ada.column()) === 'acme-labs', 'the team of that name')
    await ada.follow('Access')
    await ada.page.getByLabel('Filter by e-mail').pressSequentially('kim')
    await until(async () => String(await ada.column()) === 'kim@acme.com', 'the member of that e-mail')
  })

  // Creating Apps

  await step('Enterprise Team users with “admin” and “member” permissions can create an app directly within the Enterprise Team. To '
    + 'create an app, select Enterprise Team from the main menu, and then select the new button.', [joe, ada, vera, jill], async () => {
    await joe.open('/dashboard/personal/apps')
    const menu = await joe.unfold('Teams')
    await joe.follow(/acme-widgets/, menu)
    await joe.unfold('New app')
    await joe.does('Create app', { Name: 'apple' })
    assert.equal(await joe.title(), 'apple')
    await joe.says(/https:\/\/apple\.herokuapp\.com\//)
    await joe.says(/https:\/\/git\.heroku\.com\/apple\.git/)
    await ada.createsApp(`${acme}/apps`, { Name: 'adas-apple' })
    assert.equal(await ada.title(), 'adas-apple')
    await vera.open(`${acme}/apps`)
    await vera.unfold('New app')
    await vera.cannot('Create app', /only admins, members, and holders of a role with `create-apps`, can create apps/)
    assert.equal(await jill.open(`${acme}/apps`), (await world.api(jill.email, 'GET', '/teams/acme-widgets/apps')).status)
  })

  let created
  await step('A random app name is generated if you don’t provide an app name. Heroku’s naming style is <adjective>-<noun>-<4 digit '
    + 'number>.', [joe], async () => {
    await joe.createsApp(`${acme}/apps`)
    created = await joe.title()
    assert.match(created, /^[a-z]+-[a-z]+-[1-9]\d{3}$/)
  })

  await step('What is refused is told where it was tried, with what was typed.', [joe], async () => {
    await joe.open(`${acme}/apps`)
    for (const [name, why] of [['acme-website', /is taken/], ['An App', /app name/]]) {
      await joe.unfold('New app')
      await joe.isRefused(why, 'Create app', { Name: name })
      assert.equal(await joe.field('Name', joe.form('Create app')).inputValue(), name)
    }
  })

  // Transferring Apps

  await step('To transfer an application using the Dashboard, the current app owner must go to the Settings tab of the application, '
    + 'scroll down to the “Transfer Ownership” section, and then select the Enterprise Team.', [joe], async () => {
    await joe.open('/dashboard/personal/apps')
    await joe.follow('deep-spring-4274')
    await joe.follow('Settings')
    await joe.does('Transfer', { 'New owner': 'acme-widgets' }, joe.section('Transfer Ownership'))
    await joe.open('/dashboard/apps/deep-spring-4274')
    await joe.says(/App of acme-widgets/)
  })

  await step('Eco dynos migrated from a Personal to an Enterprise Team account are automatically upgraded to Standard-1X.', [joe], async () => {
    await joe.follow('Resources')
    assert.match(await joe.row('web').innerText(), /standard-1x/i)
  })

  await step('Billing transfers with the app.', [ada], async () => {
    await ada.open(`${acme}/resources`)
    await ada.says(/deep-spring-4274\s+web Dynos\s+standard-1x/)
    // As soon as it has used a millionth of a unit there.
    await until(async () => {
      await ada.open(`${acme}/usage`)
      return /deep-spring-4274/.test(await ada.section('By app').innerText())
    }, 'its use is the team’s')
  })

  await step('Bulk Transfer Apps: 1. Select an Enterprise Team to receive the transferred apps. 2. Select the Settings tab. 3. Select '
    + 'the Transfer Apps button in front of Bulk App Transfer. 4. Choose your apps, and then select Transfer.', [joe], async () => {
    for (const name of ['brave-river-1000', 'calm-meadow-2000', 'dusty-path-3000']) {
      await joe.createsApp('/dashboard/personal/apps', { Name: name })
    }
    await joe.open(acme)
    await joe.follow('Settings')
    await joe.follow('Transfer Apps')
    await joe.does('Transfer', { 'brave-river-1000': true, 'calm-meadow-2000': true })
    await joe.open(`${acme}/apps`)
    const apps = await joe.column()
    assert.ok(apps.includes('brave-river-1000') && apps.includes('calm-meadow-2000'))
    await joe.open('/dashboard/personal/apps')
    assert.deepEqual(await joe.column(), ['dusty-path-3000'])
  })

  // Remove Apps

  await step('Admins can delete or transfer any app. Members must have the manage permission for an app to delete or transfer the '
    + 'app.', [joe, ada], async () => {
    await joe.open('/dashboard/apps/acme-search/settings')
    await joe.unfold('Delete app…')
    await joe.cannot('Delete app', /only holders of `manage` can delete/)
    await joe.cannot('Transfer', /manage|needs/, joe.section('Transfer Ownership'))
    await ada.open('/dashboard/apps/acme-search/settings')
    await ada.does('Transfer', { 'New owner': 'acme-labs' }, ada.section('Transfer Ownership'))
    await ada.says(/acme-labs/)
    await ada.open('/dashboard/apps/adas-apple/settings')
    await ada.unfold('Delete app…')
    await ada.does('Delete app', { 'Type the name of the app to confirm': 'adas-apple' })
  })

  await step('To delete an app: 1. Click on the app in the Heroku Dashboard. 2. Click Settings. 3. Click Delete app... 4. Type the '
    + 'name of the app and click Delete app to confirm.', [joe], async () => {
    await joe.open(`${acme}/apps`)
    await joe.follow('apple')
    await joe.follow('Settings')
    await joe.unfold('Delete app…')
    const type = 'Type the name of the app to confirm'
    await joe.isRefused(/confirm|name/, 'Delete app', { [type]: 'pear' })
    await joe.unfold('Delete app…')
    await joe.does('Delete app', { [type]: 'apple' })
    assert.ok(!(await joe.column()).includes('apple'))
    assert.equal(await joe.open('/dashboard/apps/apple'), 404)
  })

  // Limit Access to Apps via OAuth

  await step('Heroku admins can deny OAuth access to team-owned resources from all non-Heroku products and services. Turn off '
    + 'third-party OAuth access to the Heroku Platform API in the team’s Settings tab.', [ada, joe], async () => {
    const printed = world.admin('token', 'add', joe.email, '--client', '00000000-0000-4000-8000-000000000007')
    const token = printed.match(/HEROKU_API_KEY=(\S+)/)[1]
    const asked = async () => (await world.apiWith(token, 'GET', '/teams/acme-widgets/apps')).status
    assert.equal(await asked(), 200)
    await joe.open(`${acme}/settings`)
    await joe.cannot('Deny access', /only admins/)
    await ada.open(`${acme}/settings`)
    await ada.does('Deny access')
    assert.equal(await asked(), 403)
    assert.equal(await joe.open(`${acme}/apps`), 200, 'its own pages go on working')
    await ada.does('Allow access')
    assert.equal(await asked(), 200)
  })

  // Spaces

  await step('This tab lists your Heroku Private Spaces. You can create a space by selecting the Create a Space button. Each Heroku '
    + 'Private Space costs $1000 in Add-on Credits/month …', [ada, kim], async () => {
    await ada.open('/dashboard/teams/acme-labs')
    await ada.follow('Spaces')
    assert.match(await ada.row('labs-space').innerText(), /1,?000/)
    await ada.unfold('Create a Space')
    await ada.does('Create space', { Name: 'new-space' })
    assert.equal(await ada.title(), 'new-space')
    await kim.open('/dashboard/teams/acme-labs/spaces')
    await kim.unfold('Create a Space')
    await kim.cannot('Create space', /only admins can create spaces/)
  })

  await step('The user making the transfer must be an “admin” in both Enterprise Teams or have “Manage” permissions in the company’s '
    + 'Enterprise Account. To transfer a space, navigate to its Settings tab, then find the Enterprise Team you want to move it to in '
    + 'the Space Ownership section.', [kim, ada], async () => {
    await kim.open('/dashboard/spaces/labs-space/settings')
    const ownership = kim.section('Space Ownership')
    assert.ok(await ownership.getByRole('button', { name: 'Preview the transfer' }).isDisabled())
    await ownership.locator('details.why summary').click()
    assert.match(await ownership.locator('details.why').innerText(), /admins of both teams[^]*manage/)
    await ada.open('/dashboard/spaces/new-space')
    await ada.follow('Settings')
    await previewed(ada, 'acme-ops')
    await ada.does('Transfer space')
    await ada.open('/dashboard/teams/acme-ops/spaces')
    assert.deepEqual(await ada.column(), ['new-space'])
  })

  await step('When transferring spaces, only apps that are inside the space move to the new Enterprise Team. If you have a pipeline '
    + 'that contains apps both inside the space and outside, only the apps inside the space move. The pipeline stays in the old '
    + 'Enterprise Team with the apps that aren’t inside that space.', [ada], async () => {
    await ada.open('/dashboard/teams/acme-labs/apps')
    await ada.unfold('New pipeline')
    await ada.does('Create pipeline', { Name: 'labs-flow' })
    for (const [app, stage] of [['labs-models', 'Staging'], ['acme-search', 'Production']]) {
      await ada.unfold('Add app')
      await ada.does('Add to pipeline', { 'Name of the app': app, Stage: stage })
    }
    await ada.open('/dashboard/spaces/labs-space/settings')
    await previewed(ada, 'acme-ops')
    await ada.says(/labs-models leaves labs-flow/)
    await ada.does('Transfer space')
    await ada.open('/dashboard/teams/acme-labs/apps')
    assert.deepEqual(await ada.column(), ['acme-search', 'labs-flow'])
    await ada.follow(/labs-flow$/)
    await ada.says(/acme-search/)
    assert.doesNotMatch(await ada.page.locator('main').innerText(), /labs-models/)
    await ada.open('/dashboard/teams/acme-ops/apps')
    assert.deepEqual(await ada.column(), ['labs-models', 'labs-notebooks', 'labs-vault'])
  })

  // Access

  await step('All users in an Enterprise Team are listed under the Access tab. Users in an Enterprise Team can be admins, members, '
    + 'viewers, or collaborators.', [vera], async () => {
    await vera.open(acme)
    await vera.follow('Access')
    for (const [email, role] of [['ada@acme.com', 'admin'], ['joe@acme.com', 'member'], ['vera@acme.com', 'viewer'],
      ['jill@creativeinc.com', 'collaborator'], ['nina@creativeinc.com', 'collaborator']]) {
      assert.match(await vera.row(email).innerText(), new RegExp(`\\b${role}\\b`), email)
    }
    assert.match(await vera.row('jill@creativeinc.com').innerText(), /on acme-website/)
    await vera.page.locator('form.filter select[name=role]').selectOption({ label: 'collaborators' })
    await until(async () => (await vera.column()).length === 2, 'the two collaborators')
  })

  await step('Select the Add User button to add a new user. Admin users can only be added by existing admins. Member users can only '
    + 'be added by Enterprise Team admins.', [ada, joe], async () => {
    await joe.open(`${acme}/access`)
    await joe.unfold('Add User')
    await joe.cannot('Add User', /only admins/)
    await ada.open(`${acme}/access`)
    await ada.unfold('Add User')
    assert.equal(await ada.field('Role', ada.form('Add User')).inputValue(), 'member', 'the default role is preset')
    await ada.does('Add User', { 'E-mail': 'max@acme-inc.com' })
    assert.match(await ada.row('max@acme-inc.com').innerText(), /member/)
    await ada.unfold('Add User')
    await ada.isRefused(/is already|in the team/, 'Add User', { 'E-mail': 'joe@acme.com', Role: 'admin' })
  })

  await step('Somebody who is no user yet is invited.', [ada], async () => {
    await ada.open(`${acme}/access`)
    await ada.unfold('Add User')
    await ada.does('Add User', { 'E-mail': 'new@example.com', Role: 'viewer' })
    const row = ada.section('Pending invitations').locator('tr').filter({ hasText: 'new@example.com' })
    assert.match(await row.innerText(), /viewer/)
    await ada.does('Revoke', {}, row)
    await ada.says(/robin@acme\.com/)
    assert.doesNotMatch(await ada.section('Pending invitations').innerText(), /new@example\.com/)
  })

  await step('To edit permissions or remove a user, select the small pen in the far right column.', [ada], async () => {
    await ada.open(`${acme}/access`)
    await ada.navigated(() => ada.row('max@acme-inc.com').locator('td').last().getByRole('link').click())
    await ada.does('Change role', { Role: 'viewer' })
    await ada.open(`${acme}/access?filter=max`)
    assert.match(await ada.row('max@acme-inc.com').innerText(), /viewer/)
    await ada.navigated(() => ada.row('max@acme-inc.com').getByRole('link', { name: /^Edit/ }).click())
    await ada.does('Remove from team')
    await ada.open(`${acme}/access?filter=max`)
    assert.deepEqual(await ada.column(), [])
  })

  await step('Assigning a user the member role gives them read-only access to all apps within the Enterprise Team. They can be granted '
    + 'additional access on a per-app basis. Members who have the manage permission on an app (including admins) can grant other '
    + 'members additional permissions.', [joe, ada], async () => {
    await joe.open('/dashboard/apps/acme-jobs')
    assert.match(await joe.section('You').innerText(), /view/)
    await joe.open('/dashboard/apps/acme-jobs/resources')
    await joe.unfold('Add process type')
    await joe.cannot('Add process type', /deploy or operate/)
    await joe.open('/dashboard/apps/acme-jobs/access')
    await joe.unfold('Add User')
    await joe.cannot('Add User', /manage/)
    await ada.open('/dashboard/apps/acme-jobs/access')
    await ada.unfold('Add User')
    await ada.does('Add User', { 'E-mail': 'joe@acme.com', 'manage: change the app, and who may do what on it': true })
    await joe.open('/dashboard/apps/acme-jobs/access')
    await joe.unfold('Add User')
    await joe.does('Add User', { 'E-mail': 'vera@acme.com', 'operate: run the app': true })
    assert.match(await joe.row('vera@acme.com').innerText(), /operate/)
  })

  await step('Members automatically get all permissions on the apps they create.', [joe], async () => {
    await joe.open(`/dashboard/apps/${created}`)
    assert.match(await joe.section('You').innerText(), /view\s+deploy\s+operate\s+manage/)
  })

  await step('Third-party collaborators not trusted to view all apps in the Enterprise Team can be granted permissions on specific '
    + 'apps.', [ada, jill], async () => {
    await ada.open('/dashboard/apps/acme-api/access')
    await ada.unfold('Add User')
    await ada.does('Add User', { 'E-mail': 'jill@creativeinc.com' })
    await jill.open('/dashboard/apps/acme-api')
    assert.match(await jill.section('You').innerText(), /view/)
    assert.doesNotMatch(await jill.section('You').innerText(), /deploy|operate|manage/)
  })

  await step('Collaborator users can’t list or access other apps that belong to the Enterprise Team, view the list of Enterprise Team '
    + 'users, create or transfer apps to the Enterprise Team.', [jill], async () => {
    for (const [page, asked] of [['apps/acme-jobs', 'apps/acme-jobs'], ['teams/acme-widgets/apps', 'teams/acme-widgets/apps'],
      ['teams/acme-widgets/access', 'teams/acme-widgets/members'], ['teams/acme-widgets/settings/transfer', 'teams/acme-widgets/apps']]) {
      const { status } = await world.api(jill.email, 'GET', `/${asked}`)
      assert.ok(status >= 400, asked)
      await jill.shows(`/dashboard/${page}`, status)
      assert.doesNotMatch(await jill.text(), /joe@acme\.com|acme-mailer/)
    }
  })

  // Removing Yourself from an Enterprise Team

  await step('You can’t leave an Enterprise Team if you’re the last remaining admin. Another user must be assigned the “admin” role '
    + 'before you can remove yourself.', [ada], async () => {
    await ada.open(`${acme}/access?filter=ada`)
    await ada.navigated(() => ada.row('ada@acme.com').getByRole('link', { name: /^Edit/ }).click())
    await ada.cannot('Leave team', /last admin/)
    await ada.open(`${acme}/access`)
    await ada.unfold('Add User')
    await ada.does('Add User', { 'E-mail': 'sam@acme-inc.com', Role: 'admin' })
    await sam.open(`${acme}/access?filter=sam`)
    await sam.navigated(() => sam.row('sam@acme-inc.com').getByRole('link', { name: /^Edit/ }).click())
    await sam.does('Leave team')
  })

  await step('If you’re an “admin”, “member” or “viewer” you can remove yourself via the Access tab of the Enterprise '
    + 'Team.', [ada, kim, max], async () => {
    await ada.open('/dashboard/teams/acme-labs/access')
    await ada.unfold('Add User')
    await ada.does('Add User', { 'E-mail': max.email, Role: 'viewer' })
    for (const person of [kim, max]) {
      await person.open(`/dashboard/teams/acme-labs/access?filter=${person.name}`)
      await person.navigated(() => person.row(person.email).getByRole('link', { name: /^Edit/ }).click())
      await person.does('Leave team')
      const { status } = await world.api(person.email, 'GET', '/teams/acme-labs/apps')
      assert.ok(status >= 400)
      await person.shows('/dashboard/teams/acme-labs/apps', status)
    }
  })

  await step('If you’re a collaborator on any apps owned by a team, you must remove yourself from each app to be disassociated from '
    + 'the team.', [jill], async () => {
    for (const app of ['acme-website', 'acme-api']) {
      await jill.open(`/dashboard/apps/${app}`)
      await jill.does('Leave app')
      assert.equal(await jill.open(`/dashboard/apps/${app}`), 404)
    }
    await jill.open('/dashboard')
    assert.doesNotMatch(await jill.page.locator('main').innerText(), /acme/)
  })

  // MFA and SSO Status

  await step('The Access tab highlights users who use MFA or SSO for their Heroku accounts. Scroll over the status displayed for each '
    + 'user to learn more.', [vera], async () => {
    await vera.open(`${acme}/access`)
    for (const [email, status, more] of [['kim@acme.com', 'MFA on', /second factor/], ['vera@acme.com', 'MFA off', /no second factor/],
      ['lee@acme.com', 'SSO', /cannot|not seen|visib/]]) {
      const badge = vera.row(email).locator('.badge[title]')
      assert.match(await badge.innerText(), new RegExp(status, 'i'), email)
      assert.match(await badge.getAttribute('title'), more, email)
    }
  })

  await step('The status is updated as soon as it changes.', [joe, vera], async () => {
    await joe.open('/dashboard/account')
    await joe.does('Turn MFA on')
    await vera.open(`${acme}/access?filter=joe`)
    assert.match(await vera.row('joe@acme.com').innerText(), /MFA on/i)
  })

  await step('Admins can enable single sign-on (SSO) for users after configuring Heroku with their identity provider (IdP) of choice '
    + 'and can view SSO status in the Settings tab of the Enterprise Team.', [ada], async () => {
    const sso = ada.section('Single sign-on')
    await ada.open('/dashboard/teams/acme-ops/settings')
    assert.match(await sso.innerText(), /Not set up/)
    await ada.unfold('Set up an identity provider', sso)
    const certificate = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----'
    const provider = { 'Entity id': 'https://id.example.com', 'Sign-in URL': 'http://id.example.com', Certificate: certificate }
    await ada.isRefused(/https/, 'Save', provider, sso)
    await ada.unfold('Set up an identity provider', sso)
    await ada.does('Save', { ...provider, 'Sign-in URL': 'https://id.example.com' }, sso)
    assert.match(await sso.innerText(), /Off/)
    await ada.does('Enable SSO', {}, sso)
    assert.match(await sso.innerText(), /On/)
  })

  await step('Everybody in a team can be required to have MFA or single sign-on.', [ada, vera], async () => {
    await ada.open(`${acme}/access`)
    await ada.does('Require MFA or SSO', {}, ada.section('MFA or SSO'))
    assert.equal(await vera.open(`${acme}/apps`), (await world.api(vera.email, 'GET', '/teams/acme-widgets/apps')).status)
    await vera.says(/MFA|second factor|single sign-on/i)
    await ada.does('No longer require MFA or SSO', {}, ada.section('MFA or SSO'))
    assert.equal(await vera.open(`${acme}/apps`), 200)
  })

  // Resources

  await step('Lists all resources used by all applications within the Enterprise Team.', [vera, ada], async () => {
    await vera.open(acme)
    await vera.follow('Resources')
    const listed = await vera.text()
    for (const add_on of (await world.api(vera.email, 'GET', '/teams/acme-widgets/addons')).body) {
      assert.ok(listed.includes(add_on.app.name) && listed.includes(add_on.addon_service.name), add_on.app.name)
    }
    assert.match(listed, /standard-2x/i)
    await ada.open('/dashboard/teams/acme-ops/resources')
    await ada.says(/labs-space/)
  })

  // Settings

  await step('Use the Settings tab to: Rename your Enterprise Team', [ada, joe], async () => {
    await joe.open(`${acme}/settings`)
    await joe.cannot('Rename', /only admins/, joe.section('Name'))
    await ada.open(`${acme}/settings`)
    await ada.does('Rename', { Name: 'acme-gadgets' }, ada.section('Name'))
    assert.match(ada.page.url(), /\/dashboard\/teams\/acme-gadgets\/settings/)
    assert.equal(await joe.open(`${acme}/apps`), 404)
    await ada.does('Rename', { Name: 'acme-widgets' }, ada.section('Name'))
  })

  await step('Change the default from “member”. New users are assigned the new default permissions.', [ada], async () => {
    await ada.open(`${acme}/settings`)
    await ada.does('Change', { Role: 'viewer' }, ada.section('Default role'))
    await ada.open(`${acme}/access`)
    await ada.unfold('Add User')
    assert.equal(await ada.field('Role', ada.form('Add User')).inputValue(), 'viewer')
    await ada.does('Add User', { 'E-mail': max.email })
    assert.match(await ada.row(max.email).innerText(), /viewer/)
  })

  await step('Control which add-ons can be used with apps in the Enterprise Team', [ada, joe], async () => {
    const addOns = ada.section('Add-on controls')
    await ada.open(`${acme}/settings`)
    assert.match(await addOns.innerText(), /Exceptions[^]*heroku-redis/)
    await ada.does('Disallow', {}, addOns.locator('tr').filter({ hasText: 'papertrail' }))
    await joe.open('/dashboard/apps/calm-meadow-2000/resources')
    await joe.does('Install scheduler')
    await joe.cannot('Install papertrail', /allow/)
    await ada.open(`${acme}/settings`)
    await ada.does('Allow', { Service: 'papertrail' }, addOns)
    await joe.open('/dashboard/apps/calm-meadow-2000/resources')
    await joe.does('Install papertrail')
  })

  await step('Create a support ticket to have your Enterprise Team deleted', [ada], async () => {
    const deletion = ada.section('Delete the team')
    await ada.open(`${acme}/settings`)
    assert.match(await deletion.innerText(), /acme-api/, 'what remains to be removed')
    await ada.does('Ask for its deletion', {}, deletion)
    assert.match(await deletion.innerText(), /An admin asked for the deletion/)
    await ada.does('Withdraw the request', {}, deletion)
  })

  // Transfer a Team To or From an Enterprise Account

  await step('If you have an existing Heroku Team that incurs charges to a payment card, you can transfer the team to your Enterprise '
    + 'account to consolidate billing.', [sam, ada], async () => {
    await sam.open('/dashboard/teams/acme-inc/settings')
    assert.match(await sam.section('Enterprise Account').innerText(), /You are in no Enterprise Account/)
    await ada.open('/dashboard/accounts/acme-corp/access')
    await ada.unfold('Add User')
    await ada.does('Add User', { 'E-mail': 'sam@acme-inc.com', 'create: create, rename and delete its teams': true })
    await sam.open('/dashboard/teams/acme-inc/settings')
    await sam.does('Move into the account', { 'Enterprise Account': 'acme-corp' })
    assert.match(await sam.section('Enterprise Account').innerText(), /The team is in acme-corp/)
    await sam.says(/Enterprise Team/)
    await ada.open('/dashboard/accounts/acme-corp/teams')
    assert.ok((await ada.column()).includes('acme-inc'))
  })

  await step('You can also request to migrate an Enterprise Team out of your Enterprise account.', [sam], async () => {
    const account = sam.section('Enterprise Account')
    await sam.does('Ask to move it out', {}, account)
    assert.match(await account.innerText(), /An admin asked on/)
    await sam.does('Withdraw the request', {}, account)
  })
}

// Chooses the team that a space is to go to, and looks at what would happen.
async function previewed(person, team) {
  const ownership = person.section('Space Ownership')
  await ownership.getByLabel('Enterprise Team').selectOption({ label: team })
  await person.navigated(() => ownership.getByRole('button', { name: 'Preview the transfer' }).click())
}
