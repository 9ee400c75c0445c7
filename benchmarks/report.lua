-- Prints what wrk measured in a form that is read back, and takes each body of BENCH_BODIES once where there are any.
local bodies, last = nil, 0

function init(arguments)
  local path = os.getenv("BENCH_BODIES")
  if path then
    bodies = {}
    for line in io.lines(path) do
      bodies[#bodies + 1] = line
    end
    last = tonumber(os.getenv("BENCH_START") or "0")
  end
end

function request()
  if not bodies then
    return wrk.format()
  end
  last = last % #bodies + 1
  local cookie, body = bodies[last]:match("^(%S+) (%S*)$")
  return wrk.format("POST", nil, {["Cookie"] = cookie, ["Content-Type"] = "application/x-www-form-urlencoded"}, body)
end

function done(summary, latency, requests)
  local errors = summary.errors
  print(string.format("bench p50 %.1f", latency:percentile(50)))
  print(string.format("bench p99 %.1f", latency:percentile(99)))
  print(string.format("bench max %.1f", latency.max))
  print(string.format("bench duration %d", summary.duration))
  print(string.format("bench answers %d", summary.requests))
  print(string.format("bench refused %d", errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
