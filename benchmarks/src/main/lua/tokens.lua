-- Copyright the Service Identity authors.
-- SPDX-License-Identifier: Apache-2.0

-- Sends each line of a file once, as the field Authorization: wrk ... -- FILE, of which each thread has its own, FILE.0 and so on.
local threads = 0
local lines
local before, behind

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(args)
  lines = assert(io.open(args[1] .. "." .. number)):lines()
  local request = wrk.format("GET", nil, {Host = wrk.headers["Host"], Authorization = "@"})
  before, behind = request:match("^(.*)@(.*)$")
end

-- Where the file is at its end, a request without a token: it is refused, and whoever reads wrk's report sees that.
function request()
  return before .. (lines() or "none") .. behind
end
