// What holds on every page: keyboard, accessibility, no scripts, a narrow screen, hostile names.
import assert from 'node:assert/strict'
import { axe, daysAgo, step } from './world.mjs'

// One page of each kind as an admin sees them, and with which status.
async function pages(world) {
  const [kim, flow] = await Promise.all([
    world.api('ada@acme.com', 'GET', '/teams/acme-widgets/members').then(({ body }) => body.find(one => one.email === 'kim@acme.com').user.id),
    world.api('ada@acme.com', 'GET', '/pipelines').then(({ body }) => body[0].id),
  ])
  const group = await grouped(world)
  const role = await withRole(world)
  const team = '/dashboard/teams/acme-widgets'
  const there = ['/dashboard', '/dashboard/personal/apps', '/dashboard/personal/usage', '/dashboard/account', '/dashboard/account/activity',
    ...['apps', 'spaces', 'access', `access/${kim}`, 'access/matrix', 'access/ends', 'access?ends=yes', 'access/groups', group.path, `${group.path}?edit=${group.app}`, 'access/roles', role.path, `access?role=${role.id}`, 'resources', 'usage', 'settings', 'settings/transfer', 'activity']
      .map(tab => `${team}/${tab}`),
    '/dashboard/teams/acme-labs/spaces', '/dashboard/spaces/labs-space', '/dashboard/spaces/labs-space/settings?to=acme-ops',
    ...['', '/access', '/resources', '/settings', '/activity'].map(tab => `/dashboard/apps/acme-website${tab}`),
    `/dashboard/apps/acme-website/access?edit-group=${group.id}`, `/dashboard/pipelines/${flow}`,
    ...['teams', 'access', 'people', 'usage', 'activity'].map(tab => `/dashboard/accounts/acme-corp/${tab}`),
    ...['apps', 'access', 'settings', 'activity'].map(tab => `${team}/${tab}?on=${daysAgo(20)}`)]
  const missing = ['/dashboard/teams/not-there/apps', '/dashboard/not-there']
  return [...there.map(path => [path, 200]), ...missing.map(path => [path, 404])]
}

async function does(world, method, path, body) {
  const { status, body: made } = await world.api('ada@acme.com', method, `/x/${path}`, body)
  assert.ok(status < 300, `${method} ${path}: ${status}`)
  return made
}

// A role of the team's own that somebody has.
async function withRole(world) {
  const { id } = await does(world, 'POST', 'teams/acme-widgets/roles', { name: 'shipping', capabilities: ['view-usage'], permissions: ['deploy'] })
  await does(world, 'PUT', 'teams/acme-widgets/members', { email: 'lee@acme.com', role: 'shipping' })
  return { id, path: `access/roles/${id}` }
}

// A group with somebody in it, which holds something; and both end.
async function grouped(world) {
  const { id } = await does(world, 'POST', 'teams/acme-widgets/groups', { name: 'backend' })
  await does(world, 'PUT', `teams/acme-widgets/groups/${id}/members/kim@acme.com`)
  await does(world, 'PUT', `apps/acme-website/groups/${id}`, { permissions: ['operate'] })
  for (const of of ['teams/acme-widgets/members/kim@acme.com', `apps/acme-website/groups/${id}`]) {
    await does(world, 'PUT', `${of}/end`, { ends_at: new Date(Date.now() + 86_400_000).toISOString() })
  }
  const app = await world.api('ada@acme.com', 'GET', '/apps/acme-website')
  return { id, path: `access/groups/${id}`, app: app.body.id }
}

export async function everywhere(world) {
  const addresses = await pages(world)
  await keyboard(world)
  for (const colorScheme of ['light', 'dark']) await accessible(world, colorScheme, addresses)
  await narrow(world, addresses)
  await withoutScripts(world)
  await paged(world)
  await hostile(world, addresses)
}

async function keyboard(world) {
  const joe = await world.person('joe@acme.com')
  const press = key => joe.page.keyboard.press(key)
  // Goes on with Tab until what has the focus is called so.
  const reach = async name => {
    const called = () => joe.page.evaluate(() => {
      const one = document.activeElement
      const label = one.labels?.[0]?.querySelector('span') ?? one
      return (one.getAttribute('aria-label') ?? label.textContent).trim()
    })
    for (let pressed = 0; pressed < 200; pressed += 1) {
      if (await called() === name) return
      await press('Tab')
    }
    assert.fail(`Tab does not lead to ${name}`)
  }

  await step('With the keyboard alone: to the content, and an app is created', [joe], async () => {
    await joe.open('/dashboard/teams/acme-widgets/apps')
    await reach('To the content')
    const skip = joe.page.getByRole('link', { name: 'To the content' })
    assert.ok((await skip.boundingBox()).y >= 0, 'it is seen when it has the focus')
    await press('Enter')
    assert.equal(await joe.page.evaluate(() => document.activeElement.id), 'main')
    await reach('New app')
    await press('Enter')
    await reach('Name')
    await joe.page.keyboard.type('by-keyboard')
    await joe.navigated(() => press('Enter'))
    assert.equal(await joe.title(), 'by-keyboard')
  })

  await step('With the keyboard alone: the menu of teams opens and closes', [joe], async () => {
    await reach('Teams')
    await press('Enter')
    assert.ok(await joe.page.locator('details.menu').evaluate(menu => menu.open))
    await press('Escape')
    assert.ok(!await joe.page.locator('details.menu').evaluate(menu => menu.open))
    assert.equal(await joe.page.evaluate(() => document.activeElement.textContent), 'Teams')
  })

  await step('With the keyboard alone: “Why?” is opened', [joe], async () => {
    await joe.open('/dashboard/teams/acme-widgets/access')
    await reach('Add User')
    await press('Enter')
    await reach('Why?')
    await press('Enter')
    assert.match(await joe.page.locator('details.why[open]').innerText(), /only admins/)
  })

  await step('With the keyboard alone: a user is added, and a question is answered', [], async () => {
    const ada = await world.person('ada@acme.com')
    await ada.open('/dashboard/teams/acme-widgets/access')
    await ada.page.locator('summary', { hasText: 'Add User' }).focus()
    await ada.page.keyboard.press('Enter')
    await ada.page.keyboard.press('Tab')
    await ada.page.keyboard.type('max@acme-inc.com')
    await ada.navigated(() => ada.page.keyboard.press('Enter'))
    assert.match(await ada.row('max@acme-inc.com').innerText(), /member/)
    await ada.navigated(() => ada.row('max@acme-inc.com').getByRole('link', { name: /^Edit/ }).press('Enter'))
    await ada.page.getByRole('button', { name: 'Remove from team' }).press('Enter')
    const dialog = ada.page.locator('dialog[open]')
    await dialog.waitFor()
    assert.ok(await dialog.evaluate(one => one.contains(document.activeElement)), 'the focus is in the dialog')
    await ada.page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    assert.equal(await ada.page.evaluate(() => document.activeElement.textContent), 'Remove from team', 'and comes back')
  })
}

async function accessible(world, colorScheme, addresses) {
  const ada = await world.person('ada@acme.com', { colorScheme })
  const stranger = await world.stranger({ colorScheme })
  const check = async (person, path, status) => {
    await person.shows(path, status)
    await person.page.evaluate(() => document.querySelectorAll('details').forEach(one => { one.open = true }))
    await person.page.evaluate(`(() => { ${axe} })()`)
    const { violations } = await person.page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }))
    const found = violations.filter(one => ['serious', 'critical'].includes(one.impact))
    return found.map(one => `${path} (${colorScheme}): ${one.id}: ${one.help}: ${one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' ')}`)
  }
  await step(`The checker of accessibility finds nothing serious (${colorScheme})`, [], async () => {
    const found = await check(stranger, '/dashboard/sign-in', 200)
    for (const [path, status] of addresses) found.push(...await check(ada, path, status))
    assert.deepEqual(found, [])
  })
}

async function narrow(world, addresses) {
  const ada = await world.person('ada@acme.com', { viewport: { width: 400, height: 800 } })
  await step('400 pixels wide: no page is wider', [], async () => {
    const wide = []
    for (const [path, status] of addresses) {
      await ada.shows(path, status)
      const width = await ada.page.evaluate(() => document.documentElement.scrollWidth)
      if (width > 400) wide.push(`${path}: ${width}`)
    }
    assert.deepEqual(wide, [])
  })
}

async function withoutScripts(world) {
  const joe = await world.person('joe@acme.com', { javaScriptEnabled: false })
  const apps = '/dashboard/teams/acme-widgets/apps'

  await step('Without scripts: filter, create, be refused, sign out', [joe], async () => {
    await joe.open(apps)
    await joe.page.getByLabel('Filter by name').fill('website')
    await joe.navigated(() => joe.page.getByRole('button', { name: 'Filter' }).click())
    assert.equal((await joe.column()).length, 5)
    await joe.open(apps)
    await joe.page.locator('summary', { hasText: 'New app' }).click()
    const form = joe.page.locator('form').filter({ has: joe.page.getByRole('button', { name: 'Create app', includeHidden: true }) })
    await joe.field('Name', form).fill('acme-website')
    await joe.navigated(() => form.getByRole('button').click())
    assert.match(await joe.page.locator('.refusal').innerText(), /is taken/)
    assert.equal(await joe.field('Name', form).inputValue(), 'acme-website', 'what was typed is there')
    await joe.field('Name', form).fill('without-scripts')
    await joe.navigated(() => form.getByRole('button').click())
    assert.equal(await joe.title(), 'without-scripts')
    await joe.navigated(() => joe.page.getByRole('button', { name: 'Sign out' }).click())
    assert.equal(await joe.title(), 'Sign in')
  })
}

async function paged(world) {
  const count = 57
  for (let number = 0; number < count; number += 1) {
    const { status } = await world.api('max@acme-inc.com', 'POST', '/apps', { name: `paged-${100 + number}` })
    assert.equal(status, 201)
  }
  for (const javaScriptEnabled of [true, false]) {
    const max = await world.person('max@acme-inc.com', { javaScriptEnabled })
    await step(`A long list comes in pages of 50 (scripts: ${javaScriptEnabled})`, [max], async () => {
      await max.open('/dashboard/personal/apps')
      const first = await max.column()
      assert.equal(first.length, 50)
      await max.follow('Next page')
      const second = await max.column()
      assert.equal(new Set([...first, ...second]).size, count)
      assert.equal(await max.page.getByRole('link', { name: 'Next page' }).count(), 0)
      await max.follow('First page')
      assert.deepEqual(await max.column(), first)
    })
  }
}

const HOSTILE = ['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "'\"--></style></script><svg onload=alert(1)>",
  'javascript:alert(1)', '{{7*7}}${7*7}<%= 7*7 %>', '&lt;b&gt;&amp;', '</textarea><script>alert(1)</script>', '"onfocus=alert(1) autofocus x="',
  '<a href=javascript:alert(1)>x</a>', '<iframe srcdoc="<script>alert(1)</script>">', '=cmd|\' /C calc\'!A0', '@SUM(1+1)*cmd', '<!--', ']]>',
  '<base href=//evil.example>', '<meta http-equiv=refresh content=0;url=//evil.example>', '<form action=//evil.example><button>x',
  '%3Cscript%3Ealert(1)%3C/script%3E', '\\u003cscript\\u003e', '`${alert(1)}`', '../../../etc/passwd', 'a'.repeat(190), '𝕳𝖊𝖑𝖑𝖔 👩‍👩‍👧‍👦',
  'مرحبا بالعالم', 'שלום', '‮gnp.exe', '日本語テキスト', 'e\u0301'.repeat(40), 'ﷺ', '\u200b\u200b\u200b', '\ufeffbom', 'NULL', 'undefined', '-1',
  '1e309', '0x41', 'true', '__proto__', 'constructor', '; DROP TABLE apps; --', "' OR '1'='1", '$(reboot)', '|| ls', '\\\\evil\\share',
  '//evil.example', 'https://evil.example/?a=b&c=d#e', '<details open ontoggle=alert(1)>', '<style>*{display:none}</style>', '<link rel=stylesheet href=//evil.example>',
  '<math><mi xlink:href=javascript:alert(1)>']

async function hostile(world, addresses) {
  const ada = await world.person('ada@acme.com')
  const joe = await world.person('joe@acme.com')
  // Whether the page is whole, and nothing in it came from a text.
  const isWhole = async person => {
    assert.equal(await person.page.locator('script:not([src="/dashboard/assets/script.js"]), iframe, base, style, meta[http-equiv], img').count(), 0)
    const handlers = await person.page.evaluate(() => [...document.querySelectorAll('*')]
      .flatMap(one => [...one.attributes].filter(({ name, value }) => name.startsWith('on') || (name === 'href' && /^\s*javascript:/i.test(value))))
      .map(({ name, value }) => `${name}=${value}`))
    assert.deepEqual(handlers, [])
    assert.ok(await person.page.locator('main').isVisible())
  }

  await step(`Hostile texts (${HOSTILE.length}) in a filter are shown as they are`, [ada], async () => {
    for (const text of HOSTILE) {
      const query = ['filter', 'kind', 'after', 'done'].map(name => `${name}=${encodeURIComponent(text)}`).join('&')
      await ada.shows(`/dashboard/teams/acme-widgets/apps?${query}`)
      await isWhole(ada)
      assert.equal(await ada.page.getByLabel('Filter by name').inputValue(), text.replaceAll(/[\r\n]/g, ''))
    }
  })

  // What was typed, and was refused, stays in its field, which says so.
  const staysAtField = async (person, label, form, text) => {
    const field = person.field(label, form)
    assert.equal(await field.inputValue(), text)
    const told = await field.getAttribute('aria-describedby')
    assert.ok(await person.page.locator(`[id="${told}"] .refusal`).isVisible(), `${label}: ${text}`)
  }

  await step('Hostile texts as the name of an app are refused at the field, and stay there, unless they are names', [ada], async () => {
    const made = []
    for (const text of HOSTILE.filter(text => text.trim())) {
      await ada.open('/dashboard/teams/acme-widgets/apps')
      await ada.unfold('New app')
      const refusal = await ada.send('Create app', { Name: text })
      await isWhole(ada)
      if (refusal === null) made.push(await ada.title())
      else await staysAtField(ada, 'Name', ada.form('Create app'), text)
    }
    assert.deepEqual(made, ['undefined', 'true', 'constructor'])
  })

  await step('Hostile texts as an e-mail are refused at the field, and stay there', [ada], async () => {
    for (const text of HOSTILE.filter(text => text.trim())) {
      await ada.open('/dashboard/teams/acme-labs/access')
      await ada.unfold('Add User')
      // A browser would not send them; others would.
      await ada.form('Add User').evaluate(form => { form.noValidate = true })
      assert.notEqual(await ada.send('Add User', { 'E-mail': text }), null, text)
      await isWhole(ada)
      await staysAtField(ada, 'E-mail', ada.form('Add User'), text)
    }
  })

  await step('Hostile texts as a confirmation are refused', [ada], async () => {
    for (const text of HOSTILE.slice(0, 12)) {
      await ada.open('/dashboard/apps/acme-website/settings')
      await ada.unfold('Delete app…')
      await ada.isRefused(/acme-website/, 'Delete app', { 'Type the name of the app to confirm': text })
      await isWhole(ada)
    }
  })

  await step('Hostile texts as descriptions of releases and tokens, and in an identity provider, are texts', [ada, joe], async () => {
    const release = '/dashboard/apps/by-keyboard'
    let recorded = 0
    for (const text of HOSTILE) {
      await joe.open(release)
      await joe.unfold('New release')
      const refusal = await joe.send('Record release', { Description: text })
      await isWhole(joe)
      if (refusal !== null) continue
      recorded += 1
      assert.ok((await joe.page.locator('td').allTextContents()).some(cell => cell.trim() === text.trim()), text)
    }
    assert.ok(recorded > 20, `${recorded} descriptions are taken`)
    for (const text of HOSTILE.slice(0, 12)) {
      await joe.open('/dashboard/account')
      const form = joe.form('Create token')
      await form.locator('input[name=description]').fill(text)
      await joe.navigated(() => form.getByRole('button').click())
      await isWhole(joe)
      await joe.open('/dashboard/account')
      assert.ok((await joe.page.locator('#tokens td').allTextContents()).some(cell => cell.trim() === text.trim()), text)
    }
    const sso = ada.section('Single sign-on')
    const certificate = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----'
    for (const text of HOSTILE.slice(0, 12)) {
      await ada.open('/dashboard/teams/acme-labs/settings')
      const label = await ada.page.getByText('Replace the identity provider').count() ? 'Replace the identity provider' : 'Set up an identity provider'
      await ada.unfold(label, sso)
      await ada.does('Save', { 'Entity id': text, 'Sign-in URL': 'https://id.example.com', Certificate: certificate }, sso)
      await isWhole(ada)
      assert.equal((await sso.locator('dd').first().textContent()).trim(), text.trim())
    }
  })

  await step('An e-mail may be strange: it is invited and shown as it is, or refused at the field', [ada], async () => {
    const invited = []
    for (const email of ["o'hara+<b>@example.com", '"><svg/onload=alert(1)>@example.com', 'a&b;c=d@example.com', '{{x}}@example.com',
      "'or'1'='1@example.com", "' or 1=1--@example.com"]) {
      await ada.open('/dashboard/teams/acme-labs/access')
      await ada.unfold('Add User')
      // A browser would not send some of them; others would.
      await ada.form('Add User').evaluate(form => { form.noValidate = true })
      const refusal = await ada.send('Add User', { 'E-mail': email })
      await isWhole(ada)
      if (refusal !== null) {
        await staysAtField(ada, 'E-mail', ada.form('Add User'), email)
        continue
      }
      invited.push(email)
      const listed = await ada.section('Pending invitations').locator('tbody tr > :first-child').allInnerTexts()
      assert.ok(listed.some(text => text.split('\n')[0].trim() === email), `${email}: ${listed}`)
    }
    assert.deepEqual(invited, ['{{x}}@example.com', "'or'1'='1@example.com"])
  })

  await step('With all that in the store every page is whole', [ada], async () => {
    for (const [path, status] of addresses) {
      await ada.shows(path, status)
      await isWhole(ada)
    }
  })
}
