// Runs the client's commands in this process, one after the other, and compares what they print.
// Arguments: the folder of the client, the file with what the server printed, and which commands to run.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const [client, printed, part] = process.argv.slice(2)

// A key for each of the server's users, by the name in the e-mail.
const keys = {}
for (const line of fs.readFileSync(printed, 'utf8').split('\n')) {
  const found = line.match(/^export HEROKU_HOST=(\S+) HEROKU_PARTICLEBOARD_URL=(\S+) .*HEROKU_API_KEY=(\S+) # (\w+)@/)
  if (!found) continue
  process.env.HEROKU_HOST = found[1]
  process.env.HEROKU_PARTICLEBOARD_URL = found[2]
  keys[found[4]] = found[3]
}
const server = process.env.HEROKU_HOST
// What it does it tells nobody else.
process.env.HEROKU_ANALYTICS_URL = server

// A folder without a git repository, so that no remote is added.
process.chdir(fs.mkdtempSync(path.join(os.tmpdir(), 'client-')))

const root = path.join(client, 'node_modules', 'heroku')
const of = createRequire(path.join(root, 'package.json'))
const config = await (part === 'older' ? older() : newer())

async function newer() {
  const core = await import(pathToFileURL(of.resolve('@oclif/core')))
  return (core.default ?? core).Config.load({ root })
}

// Version 7: some of its commands are of yet another form, which a hook makes known.
async function older() {
  const config = await of('@oclif/config').load({ root })
  await config.runHook('init', { id: 'teams', argv: [] })
  return config
}

// Version 7 ends the process when it is refused something: then it is said where.
let running = ''
process.on('exit', code => { if (code) fs.writeSync(2, `the last: ${running}\n`) })

async function run(who, line) {
  running = `${who}: heroku ${line}`
  process.env.HEROKU_API_KEY = keys[who]
  const [command, ...words] = line.split(' ')
  const result = { code: 0, out: '', err: '', message: '' }
  const { stdout, stderr } = process
  const written = [stdout.write, stderr.write]
  stdout.write = text => { result.out += text; return true }
  stderr.write = text => { result.err += text; return true }
  try {
    await config.runCommand(command, words)
  } catch (error) {
    result.code = error.oclif?.exit ?? 1
    result.message = error.message.replaceAll(server, 'SERVER')
  } finally {
    [stdout.write, stderr.write] = written
  }
  return result
}

let count = 0

// The user runs the command; `expected` are the lines on standard output: without blank ones, rules and alignment.
async function prints(who, line, ...expected) {
  const result = await run(who, line)
  const lines = result.out.split('\n').map(text => text.trim().replace(/ {2,}/g, '  '))
  const found = lines.filter(text => text !== '' && !/^[─ ]+$/.test(text))
  const told = `${who}: heroku ${line}\n${JSON.stringify(result, null, 2)}`
  assert.equal(result.code, 0, told)
  assert.equal(found.length, expected.length, told)
  found.forEach((text, index) => {
    const wanted = expected[index]
    if (wanted instanceof RegExp) assert.match(text, wanted, told)
    else assert.equal(text, wanted, told)
  })
  count += 1
  return result
}

// As `prints`, and the progress on standard error ends so.
async function does(who, line, end, ...expected) {
  const result = await prints(who, line, ...expected)
  assert.ok(result.err.includes(end), `${who}: heroku ${line}\n${JSON.stringify(result, null, 2)}`)
}

// The command fails with this exit code and this message; a refusal of the server also with its id and code.
async function refused(who, line, code, message, id, rule) {
  const result = await run(who, line)
  const expected = id ? `${message}\n\nError ID: ${id}\nSee SERVER/errors/${rule} for more information.` : message
  const told = `${who}: heroku ${line}\n${JSON.stringify(result, null, 2)}`
  assert.equal(result.code, code, told)
  if (message instanceof RegExp) assert.match(result.message, message, told)
  else assert.equal(result.message, expected, told)
  assert.equal(result.out, '', told)
  count += 1
}

const missing = (who, line, what) => refused(who, line, 2, `Couldn't find that ${what}.`, 'not_found', `${what}-not-found`)
const urls = name => `https://${name}.herokuapp.com/ | https://git.heroku.com/${name}.git`

// What the demo begins with.
const members = ['ada@acme.com  admin', 'jill@creativeinc.com  collaborator', 'joe@acme.com  member', 'kim@acme.com  member',
  'lee@acme.com  member', 'nina@creativeinc.com  collaborator', 'vera@acme.com  viewer']
const widgets = ['acme-api', 'acme-api-staging', 'acme-billing [locked]', 'acme-jobs', 'acme-mailer', 'acme-metrics', 'acme-search',
  'acme-status', 'acme-website', 'acme-website-dev', 'acme-website-pr-42', 'acme-website-staging', 'acme-website-test']
const labs = ['labs-models (virginia)', 'labs-notebooks (virginia)', 'labs-vault [locked] (virginia)']

async function commands() {
  // Teams and their members.
  await prints('ada', 'teams', 'Team  Role', 'acme-labs  admin', 'acme-ops  admin', 'acme-widgets  admin')
  await prints('joe', 'teams', 'Team  Role', 'acme-widgets  member')
  await prints('sam', 'orgs', 'Teams  Role', 'acme-inc  admin')
  await prints('sam', 'orgs --enterprise', 'Teams  Role')
  await prints('vera', 'members --team acme-widgets', 'email  role', ...members)
  await prints('joe', 'members --team acme-widgets --role viewer', 'email  role', 'vera@acme.com  viewer')
  const json = await run('ada', 'members --team acme-widgets --json')
  assert.deepEqual(JSON.parse(json.out).map(member => [member.email, member.role, member.two_factor_authentication]), [
    ['ada@acme.com', 'admin', true],
    ['jill@creativeinc.com', 'collaborator', false],
    ['joe@acme.com', 'member', false],
    ['kim@acme.com', 'member', true],
    ['lee@acme.com', 'member', false],
    ['nina@creativeinc.com', 'collaborator', false],
    ['vera@acme.com', 'viewer', false],
  ])
  await does('ada', 'members:add sam@acme-inc.com --team acme-widgets --role viewer', ' done')
  await prints('sam', 'teams', 'Team  Role', 'acme-inc  admin', 'acme-widgets  viewer')
  await does('ada', 'members:set sam@acme-inc.com --team acme-widgets --role member', ' done')
  await prints('sam', 'members --team acme-widgets --role member', 'email  role', 'joe@acme.com  member', 'kim@acme.com  member',
    'lee@acme.com  member', 'sam@acme-inc.com  member')
  await does('ada', 'members:remove sam@acme-inc.com --team acme-widgets', ' done')
  await missing('sam', 'members --team acme-widgets', 'team')
  await refused('joe', 'members:add sam@acme-inc.com --team acme-widgets --role member', 2,
    'only admins can manage the members of team `acme-widgets`; user `joe@acme.com` is not an admin',
    'forbidden', 'only-admins-manage-members')
  await does('ada', 'members:add no@body.com --team acme-widgets --role member', ' done')
  await does('ada', 'members:remove no@body.com --team acme-widgets', ' done')
  const last = what => ['user `ada@acme.com` is the last admin of team `acme-widgets` and cannot ' + what, 'conflict']
  await refused('ada', 'members:remove ada@acme.com --team acme-widgets', 2, ...last('leave'), 'last-admin-cannot-leave')
  await refused('ada', 'members:set ada@acme.com --team acme-widgets --role member', 2, ...last('be given another role'),
    'cannot-demote-last-admin')
  await does('ada', 'members:add joe@acme.com --team acme-ops --role member', ' done')
  await refused('ada', 'members:add vera@acme.com --team acme-ops --role viewer', 2,
    'team `acme-ops` is limited to 2 members, pending invitations counted; this would make 3',
    'invalid_params', 'member-limit-reached')

  // A Standard team invites.
  await does('sam', 'members:add new@acme.com --team acme-inc --role member', ' done')
  await prints('sam', 'members --team acme-inc --pending', 'email  role  status', 'new@acme.com  member  pending')
  await prints('max', 'members --team acme-inc', 'email  role  status', 'max@acme-inc.com  member',
    'new@acme.com  member  pending', 'sam@acme-inc.com  admin')
  await does('sam', 'members:remove new@acme.com --team acme-inc', ' done')
  await prints('sam', 'members --team acme-inc --pending', 'No members in acme-inc')
  await refused('max', 'members:add new@acme.com --team acme-inc --role member', 2,
    'only admins can invite people to team `acme-inc`; user `max@acme-inc.com` is not an admin', 'forbidden', 'only-admins-invite')

  // Apps: create, list, show.
  await does('joe', 'create --team acme-widgets', ' done', /^https:\/\/[a-z]+-[a-z]+-\d{4}\.herokuapp\.com\/ \| https:\/\/git\.heroku\.com\/[a-z]+-[a-z]+-\d{4}\.git$/)
  await does('joe', 'create apple --team acme-widgets', ' done', urls('apple'))
  await does('ada', 'create cherry --team acme-widgets --locked', ' done', urls('cherry'))
  await does('ada', 'create inside --space labs-space --team acme-labs', ' done', urls('inside'))
  await does('joe', 'create joes-own', ' done', urls('joes-own'))
  await refused('vera', 'create veras --team acme-widgets', 2,
    'only admins, members, and holders of a role with `create-apps`, can create apps in team `acme-widgets`; user `vera@acme.com` is none of these',
    'forbidden', 'only-members-create-apps')
  await missing('nobody', 'create mine --team acme-widgets', 'team')
  await refused('joe', 'create apple', 2, 'the app name `apple` is taken', 'invalid_params', 'app-name-taken')
  await refused('joe', 'create --region eu --team acme-widgets', 2, '`region` can only be `us`\n\nError ID: invalid_params')
  await prints('joe', 'apps', '=== joe@acme.com Apps', 'deep-spring-4274', 'joes-own')
  await prints('vera', 'apps --team acme-widgets', '=== Apps in team acme-widgets', ...widgets, 'apple', 'cherry [locked]',
    /^[a-z]+-[a-z]+-\d{4}$/)
  await prints('jill', 'apps --all', 'Collaborated Apps', 'Name  Email', 'acme-website  acme-widgets@herokumanager.com')
  await prints('ada', 'apps --space labs-space', '=== Apps in space labs-space', 'inside (virginia)', ...labs)
  await prints('nobody', 'apps', 'You have no apps.')
  await missing('nobody', 'apps --team acme-widgets', 'team')
  await prints('joe', 'apps:info -a acme-website', '=== acme-website', 'Addons:  heroku-postgresql:standard-0', 'heroku-redis:premium-0',
    'Collaborators:  jill@creativeinc.com', 'joe@acme.com', 'Pipeline:  acme-flow - production', 'Auto Cert Mgmt: false', 'Git URL:  https://git.heroku.com/acme-website.git',
    'Web URL:  https://acme-website.herokuapp.com/', 'Repo Size:  0 B', 'Slug Size:  0 B',
    'Owner:  acme-widgets@herokumanager.com', 'Region:  us', 'Dynos:  web: 4, worker: 2', 'Stack:  heroku-24')
  await missing('nobody', 'apps:info -a acme-website', 'app')
  await missing('nobody', 'apps:info -a not-there', 'app')

  // Who is on an app.
  const access = ['email  role  permissions', 'ada@acme.com  admin  deploy, manage, operate, view']
  await prints('vera', 'access -a acme-website', ...access, 'jill@creativeinc.com  collaborator  view',
    'joe@acme.com  member  deploy, view')
  await does('ada', 'access:add sam@acme-inc.com -a acme-website -p operate', ' done')
  await does('ada', 'access:update jill@creativeinc.com -a acme-website -p deploy,operate', ' done')
  await does('ada', 'access:remove joe@acme.com -a acme-website', ' done')
  await prints('vera', 'access -a acme-website', ...access, 'jill@creativeinc.com  collaborator  deploy, operate, view',
    'sam@acme-inc.com  collaborator  operate, view')
  await refused('vera', 'access:remove sam@acme-inc.com -a acme-website', 2,
    'only holders of `manage` can change access to app `acme-website`; user `vera@acme.com` does not hold it',
    'forbidden', 'only-managers-change-access')
  // Jill, who is on the app alone, does not see who else is.
  await missing('jill', 'access:remove sam@acme-inc.com -a acme-website', 'user')
  await missing('jill', 'access:remove no@body.com -a acme-website', 'user')
  await does('sam', 'access:add jill@creativeinc.com -a frozen-wave-4030', ' done')
  await prints('max', 'access -a frozen-wave-4030', 'email  role  permissions', 'jill@creativeinc.com  collaborator  deploy, operate, view',
    'sam@acme-inc.com  admin  deploy, manage, operate, view')
  await does('sam', 'access:remove jill@creativeinc.com -a frozen-wave-4030', ' done')

  // Join, leave, lock, unlock, rename.
  await does('joe', 'apps:join -a acme-website', ' done')
  await does('joe', 'apps:leave -a acme-website', ' done')
  await does('ada', 'apps:lock -a acme-website', ' done')
  await refused('ada', 'apps:lock -a acme-website', 1, 'Error: cannot lock acme-website.\nThis app is already locked.')
  await refused('joe', 'apps:join -a acme-website', 2, 'app `acme-website` is locked, so nobody can join it by themselves', 'conflict', 'app-is-locked')
  await does('ada', 'apps:unlock -a acme-website', ' done')
  await refused('vera', 'apps:lock -a acme-website', 2,
    'only holders of `manage` can lock and unlock app `acme-website`; user `vera@acme.com` does not hold it',
    'forbidden', 'only-managers-lock-apps')
  await does('joe', 'apps:rename pear -a apple', ' done', urls('pear'))
  await missing('joe', 'apps:info -a apple', 'app')

  // Transfers: to a team, to another, to a user at once, and to a user by request.
  await does('joe', 'apps:transfer acme-widgets -a joes-own', ' done')
  await does('ada', 'apps:transfer acme-labs -a joes-own --locked', ' done')
  await prints('ada', 'apps --team acme-labs', '=== Apps in team acme-labs', 'inside (virginia)', 'joes-own [locked]', ...labs)
  await does('ada', 'apps:transfer ada@acme.com -a joes-own --confirm joes-own', ' done')
  await does('ada', 'access:add joe@acme.com -a joes-own', ' done')
  await does('ada', 'apps:transfer joe@acme.com -a joes-own', ' email sent')
  await refused('ada', 'apps:transfer joe@acme.com -a pear --confirm wrong', 1, 'Confirmation wrong did not match pear. Aborted.')
  await missing('ada', 'apps:transfer nobody@example.com -a pear --confirm pear', 'user')
  await refused('joe', 'apps:transfer acme-labs -a pear', 2, "Couldn't find that team.", 'not_found', 'team-not-found')

  // What runs, and what is installed.
  await does('joe', 'ps:scale web=2:Standard-1X worker=1 -a pear', ' done')
  await prints('vera', 'ps:scale -a pear', 'web=2:Standard-1X worker=1:Basic')
  await does('joe', 'ps:scale web-1 worker=0 -a pear', ' done')
  await prints('vera', 'ps -a pear', '=== web (Standard-1X):  (1)', /^web\.1: up /)
  await refused('vera', 'ps:scale web=3 -a pear', 2,
    'scale-dynos on app `pear` needs deploy or operate; user `vera@acme.com` holds view', 'forbidden', 'action-needs-permission')
  await does('joe', 'ps:type web=standard-2x -a pear', ' done', '=== Process Types', 'type  size  qty  cost/hour  max cost/month',
    /^web  Standard-2X  1  ~\$0\.069  \$50$/, '=== Dyno Totals', 'type  total', 'Standard-2X  1')
  await prints('vera', 'releases -a pear', 'pear has no releases.')
  await prints('joe', 'config -a pear', '=== pear Config Vars')
  await refused('joe', 'config:set KEY=value -a pear', 2, '`config_vars` cannot be set: none are kept here\n\nError ID: invalid_params')
  await prints('vera', 'addons:services', 'Slug  Name  State', ...['heroku-postgresql', 'heroku-redis', 'papertrail', 'scheduler']
    .map(name => `${name}  ${name}  ga`), 'See plans with heroku addons:plans SERVICE')
  await prints('vera', 'addons:plans papertrail', 'Slug  Name  Price  Max Price',
    'default  papertrail:choklad  papertrail:choklad  free  free',
    'papertrail:fixa  papertrail:fixa  ~$0.010/hour  $7/month')
  await prints('joe', 'addons:create scheduler -a pear', /^Created scheduler-[0-9a-f]{32}$/,
    'Run heroku addons:docs scheduler to view documentation.')
  await prints('joe', 'addons -a pear', 'Add-on  Plan  Price  Max Price  State',
    /^scheduler \(scheduler-[0-9a-f]{32}\)  standard  free  free  created$/,
    'The table above shows add-ons and the attachments to the current app (pear) or other apps.')
  await prints('joe', 'addons:info scheduler -a pear', /^=== scheduler-/, 'Plan:  scheduler:standard', 'Price:  free',
    'Max Price:  free', 'Owning app:  pear', /^Installed at: /, 'State:  created')
  await prints('joe', 'addons:destroy scheduler -a pear --confirm pear')

  // Private Spaces.
  await does('ada', 'spaces:create ops-space --team acme-ops', ' done', '=== ops-space', /^ID: {1,2}[0-9a-f-]{36}$/,
    'Team:  acme-ops', 'Region:  virginia', 'CIDR:  10.0.0.0/16', 'Data CIDR:  10.1.0.0/16', 'State:  allocated',
    'Shield:  off', 'Generation: cedar', /^Created at: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  await prints('ada', 'spaces', 'Name  Team  Region  State  Generation  Created At',
    /^labs-space  acme-labs  virginia  allocated  cedar  \d{4}-/,
    /^ops-space  acme-ops  virginia  allocated  cedar  \d{4}-/)
  await prints('joe', 'spaces --team acme-ops', 'Name  Team  Region  State  Generation  Created At', /^ops-space  acme-ops/)
  await prints('ada', 'spaces:info labs-space', '=== labs-space', /^ID: /, 'Team:  acme-labs',
    'Region:  Virginia, United States', 'CIDR:  10.0.0.0/16', 'Data CIDR:  10.1.0.0/16', 'State:  allocated', 'Shield:  off',
    'Outbound IPs: disabled', 'Generation:  cedar', /^Created at:  \d{4}-/)
  await missing('nobody', 'spaces:info labs-space', 'space')
  await refused('nobody', 'spaces', 2, 'You do not have access to any spaces.')
  await refused('joe', 'spaces:create joes-space --team acme-ops', 2,
    'only admins can create spaces in team `acme-ops`; user `joe@acme.com` is not an admin', 'forbidden', 'only-admins-create-spaces')
  await does('ada', 'spaces:rename --from ops-space --to new-space', ' done')
  await does('ada', 'spaces:transfer --space new-space --team acme-labs', ' done')
  await prints('ada', 'spaces --team acme-labs', 'Name  Team  Region  State  Generation  Created At', /^labs-space /, /^new-space  acme-labs/)
  await refused('ada', 'spaces:transfer --space new-space --team acme-widgets', 2,
    'space `new-space` and team `acme-widgets` are not in the same account')
  await refused('ada', 'spaces:destroy new-space --confirm wrong', 1, 'Confirmation wrong did not match new-space. Aborted.')
  await refused('ada', 'spaces:destroy labs-space --confirm labs-space', 2, 'space `labs-space` still holds apps: `inside`, `labs-models`, `labs-notebooks`, `labs-vault`',
    'conflict', 'space-not-empty')
  await does('ada', 'spaces:destroy new-space --confirm new-space', ' done')

  // Pipelines.
  await does('joe', 'pipelines:create new-flow -a pear -s staging --team acme-widgets', ' done')
  await prints('vera', 'pipelines', '=== My Pipelines', 'acme-flow', 'new-flow')
  await prints('vera', 'pipelines:info new-flow', '=== new-flow', 'owner: acme-widgets (team)', 'app name  stage', 'pear  staging')
  await refused('joe', 'pipelines:add new-flow -a acme-website -s production', 2,
    'changing the place of app `acme-website` in a pipeline needs deploy on it; user `joe@acme.com` does not hold it', 'forbidden', 'coupling-needs-deploy')
  await does('ada', 'pipelines:add new-flow -a cherry -s production', ' done')
  await does('joe', 'pipelines:update -a pear -s development', ' done')
  await prints('joe', 'pipelines:info new-flow', '=== new-flow', 'owner: acme-widgets (team)', 'app name  stage',
    'pear  development', 'cherry  production')
  await does('ada', 'pipelines:remove -a cherry', ' done')
  await does('joe', 'pipelines:rename new-flow pear-flow', ' done')
  await does('ada', 'pipelines:transfer acme-labs -p pear-flow --confirm pear-flow', ' done')
  await prints('ada', 'pipelines:info pear-flow', '=== pear-flow', 'owner: acme-labs (team)', 'app name  stage', 'pear  development')
  await refused('ada', 'pipelines:transfer nowhere -p pear-flow --confirm pear-flow', 1,
    'Cannot find a team or account for "nowhere"')
  await refused('nobody', 'pipelines:info pear-flow', 1, 'Pipeline not found')
  await does('ada', 'pipelines:destroy pear-flow', ' done')
  await prints('ada', 'pipelines:promote -a acme-website-staging', 'Fetching app info...', 'Fetching apps from acme-flow...',
    'Starting promotion to production...', 'Waiting for promotion to complete...', 'Promotion successful', 'acme-website: succeeded')

  // The end of apps.
  await refused('ada', 'apps:destroy pear --confirm wrong', 1, 'Confirmation wrong did not match pear. Aborted.')
  await refused('vera', 'apps:destroy cherry --confirm cherry', 2,
    'only holders of `manage` can delete app `cherry`; user `vera@acme.com` does not hold it', 'forbidden', 'only-managers-delete-apps')
  await does('ada', 'apps:destroy pear --confirm pear', ' done')
  await missing('ada', 'apps:info -a pear', 'app')
  await prints('ada', 'apps --team acme-labs', '=== Apps in team acme-labs', 'inside (virginia)', ...labs)

  // A key that is none.
  keys.stranger = 'x'.repeat(96)
  await refused('stranger', 'teams', 1, /HEROKU_API_KEY/)
}

// What was, is, after the server has stopped and started again.
async function afterRestart() {
  await prints('ada', 'apps --team acme-labs', '=== Apps in team acme-labs', 'inside (virginia)', ...labs)
  await prints('vera', 'access -a acme-website', 'email  role  permissions', 'ada@acme.com  admin  deploy, manage, operate, view',
    'jill@creativeinc.com  collaborator  deploy, operate, view', 'sam@acme-inc.com  collaborator  operate, view')
  await prints('joe', 'members --team acme-ops', 'email  role', 'ada@acme.com  admin', 'joe@acme.com  member')
}

// What version 7 asks, with `--org` as it was called then.
async function olderCommands() {
  await prints('joe', 'orgs', 'acme-widgets  member')
  for (const flag of ['--org', '--team']) await prints('joe', `members ${flag} acme-widgets`, ...members)
  await does('ada', 'members:add sam@acme-inc.com --org acme-widgets --role viewer', 'as viewer... done\n')
  await does('ada', 'members:set sam@acme-inc.com --org acme-widgets --role member', 'as member... done\n')
  await does('ada', 'members:remove sam@acme-inc.com --org acme-widgets', 'from acme-widgets... done\n')
  await does('sam', 'members:add new@acme.com --org acme-inc --role member', 'as member... email sent\n')
  await prints('sam', 'members --org acme-inc --pending', 'new@acme.com  member  pending')
  await does('joe', 'create apple --org acme-widgets', 'Creating apple... done\n', urls('apple'))
  await prints('joe', 'apps --org acme-widgets', '=== Apps in team acme-widgets', ...widgets, 'apple')
  await prints('joe', 'apps:info -a acme-website', '=== acme-website', 'Addons:  heroku-postgresql:standard-0', 'heroku-redis:premium-0',
    'Auto Cert Mgmt: false', 'Collaborators:  jill@creativeinc.com', 'joe@acme.com', 'Dynos:  web: 4, worker: 2',
    'Git URL:  https://git.heroku.com/acme-website.git', 'Owner:  acme-widgets@herokumanager.com',
    'Pipeline:  acme-flow - production', 'Region:  us', 'Repo Size:  0 B', 'Slug Size:  0 B', 'Stack:  heroku-24',
    'Web URL:  https://acme-website.herokuapp.com/')
  await prints('joe', 'access -a acme-website', 'ada@acme.com  admin  deploy,manage,operate,view',
    'jill@creativeinc.com  collaborator  view', 'joe@acme.com  member  deploy,view')
  await does('ada', 'access:add sam@acme-inc.com -a acme-website -p operate', 'with operate,view permissions... done\n')
  await does('ada', 'access:update sam@acme-inc.com -a acme-website -p deploy,operate', 'with deploy,operate,view permissions... done\n')
  await does('ada', 'access:remove sam@acme-inc.com -a acme-website', 'from the app acme-website... done\n')
  for (const done of ['lock', 'unlock', 'leave', 'join']) await does('joe', `apps:${done} -a apple`, ' apple... done\n')
  await does('ada', 'apps:rename pear -a apple', 'Renaming apple to pear... done\n', urls('pear'))
  await does('ada', 'apps:transfer acme-ops -a pear', 'Transferring pear to acme-ops... done\n')
  await prints('ada', 'apps --org acme-ops', '=== Apps in team acme-ops', 'pear')
  await prints('ada', 'spaces --team acme-labs', 'Name  Team  Region  State  Created At',
    /^labs-space  acme-labs  virginia  allocated  \d{4}-/)
  await prints('ada', 'pipelines:info acme-flow', '=== acme-flow', 'owner: acme-widgets (team)', 'app name  stage', 'acme-website-dev  development',
    'acme-website-pr-42  review', 'acme-website-staging staging', 'acme-website  production')
}

await { commands, 'after-restart': afterRestart, older: olderCommands }[part]()
console.log(`${part}: ${count} commands`)
// Commands that failed, as they should, have left their exit code.
process.exit(0)
