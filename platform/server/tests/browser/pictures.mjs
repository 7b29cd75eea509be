// Pictures of the pages, for the documentation.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { withPalette } from './png.mjs'

// A picture is no larger than this.
const BYTES = 60 * 1024

// What the demo has not: groups, a role of the team's own, an end, labels.
async function more(world) {
  const does = async (method, path, body) => {
    const { status } = await world.api('ada@acme.com', method, `/x/${path}`, body)
    assert.ok(status === 200 || status === 201, `${method} ${path}: ${status}`)
  }
  for (const [name, people] of [['backend', ['joe', 'kim', 'lee']], ['on-call', ['joe', 'lee']]]) {
    await does('POST', 'teams/acme-widgets/groups', { name })
    for (const person of people) await does('PUT', `teams/acme-widgets/groups/${name}/members/${person}@acme.com`)
  }
  await does('PUT', 'apps/acme-api/groups/backend', { permissions: ['deploy', 'operate'] })
  await does('PUT', 'apps/acme-website/groups/on-call', { permissions: ['operate'] })
  await does('POST', 'teams/acme-widgets/roles', { name: 'finance', capabilities: ['view-invoices', 'view-usage'], permissions: [] })
  await does('PUT', 'teams/acme-widgets/members', { email: 'vera@acme.com', role: 'finance' })
  const soon = new Date(Date.now() + 5 * 24 * 60 * 60 * 1000)
  await does('PUT', 'apps/acme-search/collaborators/nina@creativeinc.com/end', { ends_at: soon.toISOString() })
  await does('PUT', 'apps/acme-website/labels', { env: 'production', tier: '1' })
}

export async function pictures(world) {
  await more(world)
  const folder = path.resolve('docs/pictures')
  fs.mkdirSync(folder, { recursive: true })
  const [ada, joe, stranger] = [await world.person('ada@acme.com'), await world.person('joe@acme.com'), await world.stranger()]
  const { body } = await world.api('ada@acme.com', 'GET', '/pipelines')
  const team = '/dashboard/teams/acme-widgets'
  for (const [name, person, address, unfold] of [
    ['sign-in', stranger, '/dashboard/sign-in'],
    ['apps', ada, `${team}/apps`],
    ['app', ada, '/dashboard/apps/acme-website'],
    ['pipeline', ada, `/dashboard/pipelines/${body[0].id}`],
    ['access', ada, `${team}/access`],
    ['group', ada, `${team}/access/groups/backend`],
    ['resources', ada, `${team}/resources`],
    ['usage', ada, `${team}/usage`],
    ['settings', ada, `${team}/settings`],
    ['activity', ada, `${team}/activity`],
    ['why', joe, '/dashboard/apps/acme-billing/settings', 'details.why summary'],
  ]) {
    await person.open(address)
    if (unfold) await person.page.locator(unfold).first().click()
    const picture = withPalette(await person.page.screenshot())
    assert.ok(picture.length <= BYTES, `${name}: ${picture.length} bytes`)
    fs.writeFileSync(path.join(folder, `${name}.png`), picture)
  }
}
