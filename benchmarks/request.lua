-- Sends the paths of a file in turn. A "%NUMBER%" in a path becomes a number that no request of the run had before.
-- Arguments after "--": file of paths, media type, first number. The last line printed is the result as JSON.

local paths, position, number = {}, 0, 0

function init(arguments)
  for line in io.lines(arguments[1]) do
    local before, after = line:match("^(.-)%%NUMBER%%(.*)$")
    if before then
      paths[#paths + 1] = { before, after }
    else
      paths[#paths + 1] = { line }
    end
  end
  wrk.headers["Accept"] = arguments[2]
  number = tonumber(arguments[3])
end

function request()
  position = position % #paths + 1
  local path = paths[position]
  if path[2] == nil then
    return wrk.format("GET", path[1])
  end
  number = number + 1
  return wrk.format("GET", path[1] .. string.format("%d", number) .. path[2])
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '{"requests": %d, "seconds": %.6f, "bytes": %d, "p50_ms": %.4f, "p99_ms": %.4f, "max_ms": %.4f, '
      .. '"bad_status": %d, "broken": %d, "timeouts": %d}',
    summary.requests, summary.duration / 1e6, summary.bytes, latency:percentile(50) / 1000,
    latency:percentile(99) / 1000, latency.max / 1000, errors.status, errors.connect + errors.read + errors.write,
    errors.timeout))
end
