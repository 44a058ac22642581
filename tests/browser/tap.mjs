// Tests, one after the other, told as TAP.  What is wrong with a failed one stands in comments
// below its line, where tools/count_tests.py looks for it.

const tests = []

export function test (name, run) {
  tests.push({ name, run })
}

function comment (text) {
  return text.split('\n').map(line => `# ${line}`.trimEnd()).join('\n')
}

/** Run all; returns whether all passed.  `only`: run those whose names hold this text. */
export async function runTests (only) {
  const chosen = tests.filter(({ name }) => !only || name.includes(only))
  let hasFailed = false
  console.log(`1..${chosen.length}`)
  for (const [index, { name, run }] of chosen.entries()) {
    try {
      await run()
      console.log(`ok ${index + 1} - ${name}`)
    } catch (error) {
      hasFailed = true
      console.log(`not ok ${index + 1} - ${name}`)
      console.log(comment(error.code === 'ERR_ASSERTION' ? error.message : error.stack))
    }
  }
  return !hasFailed
}

export function skipAll (reason) {
  console.log(`1..0 # SKIP ${reason}`)
}
