/**
 * What Redis does for us in one step, as Lua. They need Redis 5 or later (a script may read TIME and then write) and
 * these commands: TYPE, TIME, GET, SET, SETRANGE, DEL, HGET, HGETALL, HSET, HDEL, LRANGE, LREM, LPUSH, LTRIM, ZSCORE,
 * ZRANGEBYSCORE, ZADD, ZREM, ZREMRANGEBYSCORE, PEXPIRE, RENAME, PUBLISH.
 *
 * KEYS are always main, meta, lease, spent, requests; ARGV[1] is always the simulator's offset in ms (0 in production).
 */

/** How many redeemed hashes are remembered. */
export const SPENT_KEPT = 400;

/** Over which time token requests are counted (docs/keeper.md, 3). */
export const REQUEST_WINDOW_MS = 2 * 60 * 60 * 1000;

const PRELUDE = `
local MAIN, META, LEASE, SPENT, REQUESTS = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000) + tonumber(ARGV[1])

local function kind(key) return redis.call('TYPE', key).ok end

-- One moment of a mall's place: text, whether the main key is no string, the lease's owner, the time, the meta hash.
-- A companion of another type than ours reads as absent.
local function view()
  local main = kind(MAIN)
  local text = main == 'string' and redis.call('GET', MAIN)
  local owner = kind(LEASE) == 'string' and redis.call('GET', LEASE)
  local meta = kind(META) == 'hash' and redis.call('HGETALL', META) or {}
  local wrong = main ~= 'string' and main ~= 'none'
  return { text, wrong and 1 or 0, owner, now, meta }
end

-- Companions are ours alone: whatever else stands under such a name is in the way of every later write.
local function claim(key, expected)
  local found = kind(key)
  if found ~= expected and found ~= 'none' then redis.call('DEL', key) end
end
`;

/** Replies with the view. */
export const VIEW = `${PRELUDE}
return view()
`;

/** Replies with the list of redeemed hashes, newest first. */
export const SPENT_LIST = `${PRELUDE}
return kind(SPENT) == 'list' and redis.call('LRANGE', SPENT, 0, -1) or {}
`;

/**
 * ARGV: 2 the change as JSON (`ScriptChange`), 3 the text that must stand there, 4 the new text. Both texts travel
 * beside the JSON because they are compared and written byte for byte.
 * Replies { 'done' | 'moved' | 'limited', free at, view }.
 */
export const COMMIT = `${PRELUDE}
local change = cjson.decode(ARGV[2])
local expect = change.expect

claim(META, 'hash')
claim(LEASE, 'string')
claim(SPENT, 'list')
claim(REQUESTS, 'zset')

-- Writes nothing, but is refused where a write would be: on a replica, whose compare would be answered from the past,
-- and on a full server, before anything is half done (Redis lets a script go on once it has written).
redis.call('SETRANGE', LEASE, 0, '')

local function field(name) return redis.call('HGET', META, name) end

local function generation()
  local text = field('generation') or ''
  return #text <= 16 and string.match(text, '^%d+$') and tonumber(text) or 0
end

local function holds()
  if expect.text == 'absent' and kind(MAIN) ~= 'none' then return false end
  if expect.text == 'same' and (kind(MAIN) ~= 'string' or redis.call('GET', MAIN) ~= ARGV[3]) then return false end
  if expect.generation and generation() ~= expect.generation then return false end
  if expect.leaseOwner and redis.call('GET', LEASE) ~= expect.leaseOwner then return false end
  for _, pair in ipairs(expect.meta) do
    local wanted = pair[2] ~= cjson.null and pair[2]
    if field(pair[1]) ~= wanted then return false end
  end
  for _, hash in ipairs(expect.unspent and redis.call('LRANGE', SPENT, 0, -1) or {}) do
    if hash == expect.unspent then return false end
  end
  return true
end

if not holds() then return { 'moved', 0, view() } end

-- A score far ahead comes from a clock that was corrected since, and would block the budget until then.
local WINDOW = ${REQUEST_WINDOW_MS}
local function at(ms) return string.format('%.0f', ms) end

local admit = change.admit
if admit and admit.limit and not redis.call('ZSCORE', REQUESTS, admit.id) then
  local counted = redis.call('ZRANGEBYSCORE', REQUESTS, '(' .. at(now - WINDOW), at(now + WINDOW), 'WITHSCORES')
  local over = #counted / 2 - admit.limit
  if over >= 0 then
    local leaves = tonumber(counted[2 * over + 2] or now)
    return { 'limited', leaves + WINDOW, view() }
  end
end

if change.write == 'set' then redis.call('SET', MAIN, ARGV[4]) end
if change.write == 'delete' then redis.call('DEL', MAIN) end
if #change.set > 0 then redis.call('HSET', META, unpack(change.set)) end
if #change.remove > 0 then redis.call('HDEL', META, unpack(change.remove)) end
for _, hash in ipairs(change.spend) do
  redis.call('LREM', SPENT, 0, hash)
  redis.call('LPUSH', SPENT, hash)
end
if #change.spend > 0 then redis.call('LTRIM', SPENT, 0, ${SPENT_KEPT - 1}) end
if admit then
  redis.call('ZADD', REQUESTS, 'NX', at(now), admit.id)
  redis.call('ZREMRANGEBYSCORE', REQUESTS, '-inf', at(now - WINDOW))
  redis.call('ZREMRANGEBYSCORE', REQUESTS, '(' .. at(now + WINDOW), '+inf')
end
if change.withdraw then redis.call('ZREM', REQUESTS, change.withdraw) end
if change.release and redis.call('GET', LEASE) == change.release then redis.call('DEL', LEASE) end
-- An event is a courtesy: where the account may not publish, what was written stays written.
if change.announce then redis.pcall('PUBLISH', change.channel, at(change.announce)) end
return { 'done', 0, view() }
`;

/**
 * ARGV: 2 take | renew | release, 3 owner, 4 TTL in ms. Replies { 1 if it is or was this owner's, view }. An owner
 * that takes its own lease again has it renewed: the answer to its first try may have been lost on the way.
 */
export const LEASE = `${PRELUDE}
local action, owner, ttl = ARGV[2], ARGV[3], ARGV[4]
if action == 'take' then claim(LEASE, 'string') end
local mine = kind(LEASE) == 'string' and redis.call('GET', LEASE) == owner
if action == 'release' then
  if mine then redis.call('DEL', LEASE) end
elseif mine then
  redis.call('PEXPIRE', LEASE, ttl)
elseif action == 'take' then
  mine = redis.call('SET', LEASE, owner, 'NX', 'PX', ttl) and true
end
return { mine and 1 or 0, view() }
`;

/**
 * ARGV: 2 same (a string with the bytes of ARGV[3]) | wrong (no string), 3 the bytes seen, 4 the new name,
 * 5 how long it is kept in ms. The new name shares the slot of KEYS. Replies 1 when it was renamed.
 */
export const ASIDE = `${PRELUDE}
local found = kind(MAIN)
local as_seen
if ARGV[2] == 'same' then
  as_seen = found == 'string' and redis.call('GET', MAIN) == ARGV[3]
else
  as_seen = found ~= 'string' and found ~= 'none'
end
if not as_seen then return 0 end
redis.call('RENAME', MAIN, ARGV[4])
redis.call('PEXPIRE', ARGV[4], ARGV[5])
return 1
`;
