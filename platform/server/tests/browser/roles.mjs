// Everybody sees what they may and no more: pages are held against what the API answers to the same person.
import assert from 'node:assert/strict'
import { step } from './world.mjs'

const PEOPLE = ['ada@acme.com', 'joe@acme.com', 'vera@acme.com', 'jill@creativeinc.com', 'max@acme-inc.com']

export async function roles(world) {
  const everything = await words(world)
  for (const email of PEOPLE) {
    const person = await world.person(email)
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

    await step(`No page of ${email} names what the API does not tell them`, [person], async () => {
      const told = await answers(world, email)
      const hidden = everything.filter(word => !told.includes(word))
      const visited = await crawl(person)
      assert.ok(visited.size > 5, [...visited.keys()].join(' '))
      for (const [path, page] of visited) {
        // What one has asked for by name is no news.
        const asked = decodeURIComponent(path)
        const leaks = hidden.filter(word => names(page, word) && !names(asked, word))
        assert.deepEqual(leaks, [], path)
      }
    })
  }

  await step('A team, an app, a space and an account that one does not see are as those that are not there', [], async () => {
    const max = await world.person('max@acme-inc.com')
    for (const [there, not] of [['teams/acme-widgets/apps', 'teams/not-there/apps'], ['apps/acme-website', 'apps/not-there'],
      ['spaces/labs-space', 'spaces/not-there'], ['accounts/acme-corp/teams', 'accounts/not-there/teams']]) {
      const pages = []
      for (const path of [there, not]) {
        const status = await max.open(`/dashboard/${path}`)
        pages.push([status, (await max.text()).replaceAll(path.split('/')[1], 'NAME')])
      }
      assert.deepEqual(pages[0], pages[1], there)
    }
  })
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
    }
  }
  assert.ok(found.size > 30, [...found].join(' '))
  return [...found]
}

// All that the API tells this person, as one text.
async function answers(world, email) {
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
    for (const app of await ask(`/teams/${name}/apps`)) apps.add(app.name)
  }
  await ask('/spaces')
  for (const { id } of await ask('/pipelines')) await ask(`/pipelines/${id}/pipeline-couplings`)
  for (const app of apps) {
    for (const part of ['', '/collaborators', '/pipeline-couplings', '/addons', '/releases']) await ask(`/apps/${app}${part}`)
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
  const left = ['/dashboard', '/dashboard/teams/acme-widgets/apps', '/dashboard/teams/acme-labs/access', '/dashboard/teams/acme-inc/settings',
    '/dashboard/apps/acme-website', '/dashboard/spaces/labs-space', '/dashboard/accounts/acme-corp/people']
  while (left.length && visited.size < 200) {
    const path = left.shift()
    if (visited.has(path)) continue
    const { text } = await person.ask(path)
    visited.set(path, text)
    const links = [...text.matchAll(/href="(\/dashboard[^"#]*)/g)].map(([, link]) => link.replaceAll('&amp;', '&'))
    left.push(...links.filter(link => !link.startsWith('/dashboard/assets') && !visited.has(link)))
  }
  return visited
}
