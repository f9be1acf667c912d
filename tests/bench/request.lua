-- SPDX-License-Identifier: Apache-2.0
-- wrk -s request.lua … -- PLAN: the plan is a Lua file that returns { method, headers, bodies or authorizations }; each
-- request takes the next of what there are several of. At the end one line of JSON.
local requests = {}
local at = 0

function init(args)
  local plan = dofile(args[1])
  for _, body in ipairs(plan.bodies or { "" }) do
    for _, authorization in ipairs(plan.authorizations or { "" }) do
      local headers = plan.headers or {}
      if authorization ~= "" then headers["Authorization"] = authorization end
      requests[#requests + 1] = wrk.format(plan.method, plan.path, headers, body ~= "" and body or nil)
    end
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency, _)
  local e = summary.errors
  io.write(string.format('{"done":%d,"busy":0,"failed":%d,"seconds":%.3f,"p50_us":%d,"p99_us":%d}\n',
    summary.requests - e.status, e.status + e.connect + e.read + e.write + e.timeout,
    summary.duration / 1e6, latency:percentile(50), latency:percentile(99)))
end
