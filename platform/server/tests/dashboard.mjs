// The parts of the test in a browser, one after the other, each on a demo of its own.
import { World, step, told } from './browser/world.mjs'
import { document2014 } from './browser/document-2014.mjs'
import { document2024 } from './browser/document-2024.mjs'
import { ends } from './browser/ends.mjs'
import { everywhere } from './browser/everywhere.mjs'
import { groups } from './browser/groups.mjs'
import { large } from './browser/large.mjs'
import { ownRoles } from './browser/own-roles.mjs'
import { pictures } from './browser/pictures.mjs'
import { roles } from './browser/roles.mjs'

const parts = { 'document-2024': document2024, 'document-2014': document2014, ends, groups, large, 'own-roles': ownRoles, roles, everywhere }
const asked = process.env.PICTURES ? [['pictures', pictures]] : Object.entries(parts)
const named = process.argv.slice(2)
if (process.env.PICTURES && named.length) throw new Error(`PICTURES makes pictures alone, and does not run ${named}`)
const unknown = named.filter(name => !(name in parts))
if (unknown.length) throw new Error(`no part is called ${unknown}: ${Object.keys(parts)}`)

let failed = 0
for (const [name, part] of asked) {
  if (named.length && !named.includes(name)) continue
  const world = await World.open()
  try {
    await part(world)
    await step('No page says an error, asks another host, or comes without its policy', [], () => world.isClean())
  } finally {
    await world.close()
  }
  const { steps, failures } = told()
  failed += failures.length
  console.log(`${name}: ${steps} steps, ${failures.length} failed`)
}
process.exit(failed ? 1 : 0)
