// Everybody sees what they may and no more: pages are held against what the API answers to the same person.
import assert from 'node:assert/strict'
import { daysAgo, step } from './world.mjs'

// An admin, a member, a viewer, one in a role of the team's own, a collaborator, an outsider; one who was an admin for a moment, and one
// who was a member.
const PEOPLE = ['ada@acme.com', 'joe@acme.com', 'vera@acme.com', 'nina@creativeinc.com', 'jill@creativeinc.com', 'max@acme-inc.com',
  'kim@acme.com', 'lee@acme.com']

// Pages to begin with, and what the API answers of the same thing.
const STARTS = {
  '/dashboard': '/account',
  '/dashboard/teams/acme-widgets/apps': '/teams/acme-widgets/apps',
  '/dashboard/teams/acme-labs/access': '/teams/acme-labs',
  '/dashboard/teams/acme-inc/settings': '/teams/acme-inc',
  '/dashboard/apps/acme-website': '/apps/acme-website',
  '/dashboard/spaces/labs-space': '/spaces/labs-space',
  '/dashboard/accounts/acme-corp/people': '/enterprise-accounts/acme-corp/members',
}
// Pages that are not for everybody in a team, and files.
const TEAM = ['activity', 'activity.csv', 'activity.jsonl', 'usage', 'usage.csv', 'resources.csv', 'access/matrix.csv']

export async function roles(world) {
  const people = await Promise.all(PEOPLE.map(email => world.person(email)))
  await grouped(world)
  await withRoles(world)
  const past = [daysAgo(20), await whenKimWasAdmin(world)]
  const before = new Map()
  for (const person of people) before.set(person, await answers(world, person))
  const removed = await world.api('ada@acme.com', 'DELETE', '/teams/acme-widgets/members/lee@acme.com')
  assert.equal(removed.status, 200)
  const everything = await words(world)
  for (const person of people) {
    const { email } = person
    const own = path => world.api(email, 'GET', path)
    const team = '/dashboard/teams/acme-widgets'

    await step(`The picker of ${email} has the teams of GET /teams`, [person], async () => {
      const teams = (await own('/teams')).body.map(team => team.name)
      await person.open('/dashboard')
      const cards = await person.page.locator('section').filter({ has: person.page.getByRole('heading', { name: 'Teams', exact: true }) })
        .locator('.cards strong').allInnerTexts()
      assert.deepEqual(cards.sort(), teams.sort())
    })

    await step(`The Apps tab of ${email} has the apps of GET /teams/acme-widgets/apps`, [person], async () => {
      const apps = await own('/teams/acme-widgets/apps')
      assert.equal(await person.open(`${team}/apps?kind=apps`), apps.status)
      if (apps.status === 200) assert.deepEqual((await person.column()).sort(), apps.body.map(app => app.name).sort())
    })

    await step(`The Access tab of ${email} has the people of GET /teams/acme-widgets/members`, [person], async () => {
      const members = await own('/teams/acme-widgets/members')
      const status = await person.open(`${team}/access`)
      if (members.status !== 200) return assert.equal(status, members.status)
      const listed = (await person.column()).map(text => text.split('\n')[0])
      assert.deepEqual(listed.sort(), members.body.map(member => member.email).sort())
    })

    await step(`The Spaces tab of ${email} has the spaces of GET /spaces`, [person], async () => {
      const spaces = (await own('/spaces')).body.filter(space => space.team.name === 'acme-labs').map(space => space.name)
      const status = await person.open('/dashboard/teams/acme-labs/spaces')
      if (spaces.length) assert.deepEqual(await person.column(), spaces)
      else assert.ok([403, 404].includes(status), `${status}`)
    })

    await step(`The pages of an app open for ${email} where GET /apps/… does`, [person], async () => {
      for (const app of ['acme-website', 'acme-search', 'labs-models', 'frozen-wave-4030', 'deep-spring-4274', 'kims-notes', 'not-there']) {
        const { status } = await own(`/apps/${app}`)
        for (const tab of ['', '/access', '/resources', '/settings', '/activity']) {
          assert.equal((await person.ask(`/dashboard/apps/${app}${tab}`)).status, status, app + tab)
        }
      }
    })

    let visited = new Map()
    const told = await answers(world, person)
    // The names on a page that are not among those known; what one has asked for by name is no news.
    const leaks = (path, text, known) => everything
      .filter(word => !known.includes(word) && names(text, word) && !names(decodeURIComponent(path), word))
      .map(word => `${path}: ${word}`)

    await step(`No page of ${email} names what the API does not tell them, and every link leads to a page`, [person], async () => {
      visited = await crawl(person)
      assert.ok(visited.size > 5, [...visited.keys()].join(' '))
      const faults = []
      for (const [path, { status, text }] of visited) {
        const expected = path in STARTS ? (await own(STARTS[path])).status : 200
        if (status !== expected) faults.push(`${path}: ${status}`)
        faults.push(...leaks(path, text, told))
      }
      assert.deepEqual(faults, [])
    })

    await step(`No page of the past names what ${email} was not told, and what is refused today is refused`, [person], async () => {
      // Who was removed is told nothing more of what they knew.
      const known = email === 'lee@acme.com' ? told : told + before.get(person)
      const faults = []
      const today = new Map([...visited].map(([path, { status }]) => [path, status]))
      for (const page of TEAM) today.set(`${team}/${page}`, (await person.ask(`${team}/${page}`)).status)
      for (const [path, status] of today) {
        for (const on of past) {
          const address = `${path}${path.includes('?') ? '&' : '?'}on=${encodeURIComponent(on)}`
          const then = await person.ask(address)
          // What was not there yet, or not for this person, is refused besides.
          const expected = status === 200 ? [200, 403, 404] : [403, 404]
          if (!expected.includes(then.status)) faults.push(`${address}: ${then.status}, and today ${status}`)
          faults.push(...leaks(address, then.text, known))
        }
      }
      assert.deepEqual(faults, [])
    })
  }

  await step('The past of a team is for its admins of today: not for a member, nor for who was an admin then', [], async () => {
    for (const email of ['joe@acme.com', 'kim@acme.com']) {
      const person = await world.person(email)
      for (const page of ['apps', 'access', 'usage', 'settings', 'activity']) {
        await person.shows(`/dashboard/teams/acme-widgets/${page}`)
        await person.shows(`/dashboard/teams/acme-widgets/${page}?on=${encodeURIComponent(past[1])}`, 403)
        assert.equal(await person.page.locator('main table').count(), 0)
      }
    }
  })

  await step('Of a day in the past one sees what was so, without controls', [], async () => {
    const ada = await world.person('ada@acme.com')
    await ada.shows(`/dashboard/teams/acme-widgets/access?on=${encodeURIComponent(past[1])}`)
    await ada.says(/lee@acme\.com/)
    assert.equal(await ada.page.locator('main form[method=post]').count(), 0)
    await ada.shows('/dashboard/teams/acme-widgets/access')
    assert.doesNotMatch(await ada.text(), /lee@acme\.com/)
    await ada.shows(`/dashboard/teams/acme-widgets/apps?on=${daysAgo(25)}&filter=prototype`)
    assert.deepEqual(await ada.column(), ['acme-prototype'], 'an app that is deleted since')
  })

  await step('A team, an app, a space and an account that one does not see are as those that are not there', [], async () => {
    const max = await world.person('max@acme-inc.com')
    for (const [there, not] of [['teams/acme-widgets/apps', 'teams/not-there/apps'], ['apps/acme-website', 'apps/not-there'],
      ['spaces/labs-space', 'spaces/not-there'], ['accounts/acme-corp/teams', 'accounts/not-there/teams']]) {
      for (const on of ['', `?on=${past[0]}`]) {
        const pages = []
        for (const path of [there, not]) {
          await max.shows(`/dashboard/${path}${on}`, 404)
          pages.push((await max.text()).replaceAll(path.split('/')[1], 'NAME'))
        }
        assert.equal(pages[0], pages[1], there + on)
      }
    }
  })
}

async function does(world, method, path, body) {
  const { status } = await world.api('ada@acme.com', method, `/x/${path}`, body)
  assert.ok(status < 300, `${method} ${path}: ${status}`)
}

// A group of acme-widgets with a member, a viewer and somebody who will be removed, and one of acme-labs.
async function grouped(world) {
  for (const [team, name] of [['acme-widgets', 'backend-group'], ['acme-labs', 'labs-group']]) await does(world, 'POST', `teams/${team}/groups`, { name })
  for (const name of ['joe', 'vera', 'lee']) await does(world, 'PUT', `teams/acme-widgets/groups/backend-group/members/${name}@acme.com`)
  await does(world, 'PUT', 'apps/acme-website/groups/backend-group', { permissions: ['deploy'] })
}

// A role of acme-widgets' own that nina has, one that nobody has, and one of acme-labs.
async function withRoles(world) {
  const capabilities = ['view-apps', 'view-users']
  for (const [team, name] of [['acme-widgets', 'shipping-role'], ['acme-widgets', 'spare-role'], ['acme-labs', 'labs-role']]) {
    await does(world, 'POST', `teams/${team}/roles`, { name, capabilities })
  }
  await does(world, 'PUT', 'teams/acme-widgets/members', { email: 'nina@creativeinc.com', role: 'shipping-role' })
}

// Makes kim an admin of acme-widgets and takes that back, and answers with a time between.
async function whenKimWasAdmin(world) {
  const set = async role => {
    const { status } = await world.api('ada@acme.com', 'PATCH', '/teams/acme-widgets/members', { email: 'kim@acme.com', role })
    assert.equal(status, 200)
  }
  await set('admin')
  const time = new Date().toISOString()
  // What happens has a time in whole seconds.
  await new Promise(resolve => setTimeout(resolve, 1_100))
  await set('member')
  return time
}

// Whether a text has this word as a whole.
function names(text, word) {
  return text.split(/[^a-z0-9@.-]+/i).some(part => part.replace(/[.-]+$/, '') === word)
}

// Every name and e-mail that anybody is told.
async function words(world) {
  const found = new Set()
  for (const email of Object.keys(world.tokens)) {
    found.add(email)
    const own = path => world.api(email, 'GET', path)
    for (const path of ['/apps', '/teams', '/spaces', '/pipelines', '/enterprise-accounts']) {
      const { status, body } = await own(path)
      if (status < 300) body.forEach(one => found.add(one.name))
    }
    for (const { name } of (await own('/teams')).body) {
      const apps = await own(`/teams/${name}/apps`)
      if (apps.status < 300) apps.body.forEach(app => found.add(app.name))
      for (const kind of ['groups', 'roles']) {
        const listed = await own(`/x/teams/${name}/${kind}`)
        if (listed.status < 300) listed.body.forEach(one => found.add(one.name))
      }
    }
  }
  assert.ok(found.size > 30, [...found].join(' '))
  return [...found]
}

// All that the API tells this person, and what stands in logs that they may read, as one text.
async function answers(world, person) {
  const { email } = person
  const texts = []
  const ask = async path => {
    const { status, body } = await world.api(email, 'GET', path)
    if (status >= 300) return []
    texts.push(JSON.stringify(body))
    return Array.isArray(body) ? body : []
  }
  await ask('/account')
  await ask('/account/app-transfers')
  for (const { name } of await ask('/enterprise-accounts')) {
    for (const part of ['members', 'teams', 'events']) await ask(`/enterprise-accounts/${name}/${part}`)
  }
  const apps = new Set((await ask('/apps')).map(app => app.name))
  for (const { name } of await ask('/teams')) {
    for (const part of ['members', 'invitations', 'addons', 'spaces']) await ask(`/teams/${name}/${part}`)
    for (const part of ['groups', 'roles', 'members', 'invitations', 'default-role']) await ask(`/x/teams/${name}/${part}`)
    for (const app of await ask(`/teams/${name}/apps`)) apps.add(app.name)
  }
  await ask('/spaces')
  for (const { id } of await ask('/pipelines')) await ask(`/pipelines/${id}/pipeline-couplings`)
  for (const app of apps) {
    for (const part of ['', '/collaborators', '/pipeline-couplings', '/addons', '/releases']) await ask(`/apps/${app}${part}`)
    await ask(`/x/apps/${app}/groups`)
  }
  // The API has no audit log; `tests/http/pages.rs` holds these files against the store.
  for (const path of ['account', 'teams/acme-widgets', 'teams/acme-labs', ...[...apps].map(app => `apps/${app}`)]) {
    const { status, text } = await person.ask(`/dashboard/${path}/activity.jsonl`)
    if (status === 200) texts.push(text)
  }
  // Who is invited into a team knows its name; the API has no list of one's invitations.
  for (const [admin, team] of [['ada@acme.com', 'acme-widgets'], ['ada@acme.com', 'acme-labs'], ['sam@acme-inc.com', 'acme-inc']]) {
    const { body } = await world.api(admin, 'GET', `/teams/${team}/invitations`)
    if (body.some(invitation => invitation.user.email === email)) texts.push(team)
  }
  return texts.join('\n')
}

// Every page that one gets to from the picker by links alone, and some addresses besides: all that they hold, shown or not.
async function crawl(person) {
  const visited = new Map()
  const left = Object.keys(STARTS)
  while (left.length && visited.size < 200) {
    const path = left.shift()
    if (visited.has(path)) continue
    const page = await person.ask(path)
    visited.set(path, page)
    const links = [...page.text.matchAll(/href="(\/dashboard[^"#]*)/g)].map(([, link]) => link.replaceAll('&amp;', '&'))
    left.push(...links.filter(link => !link.startsWith('/dashboard/assets') && !visited.has(link)))
  }
  return visited
}
