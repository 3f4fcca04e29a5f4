/** Calls with whatever a client may make up: each gets an answer that says what is wrong, none an internal error. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ALL_OPERATIONS } from '../../src/control/operations.ts';
import { OperationsBed } from '../harness/operations-bed.ts';

const test = suite('odd calls');

const RUNS = 400;
const TYPED = ['createFunctionTrigger', 'updateTrigger', 'createTags', 'createEvent', 'deleteTags'];
/** Of this section; those that work on packages and instances need more than the bed has. */
const OPERATIONS = ALL_OPERATIONS.filter(
	({ path, spooled }) =>
		!spooled &&
		/\/(?:triggers|tags|events|reservedinst|resource-inst|statistics|slarep|instancerep|report)/.test(path),
);

const word = fc.oneof(
	fc.constantFrom(
		'hello',
		'p1',
		'functions',
		'filter',
		'latest',
		'!prod',
		'APIG',
		'__proto__',
		'constructor',
	),
	fc.constantFrom('%', '%00', '%zz', '..', ':', 'urn:fss:cn:p1:function:default:hello', '\ud800', 'é', "'"),
	fc.string({ maxLength: 20 }),
);
const value = fc.oneof(fc.jsonValue(), word, fc.integer(), fc.double());
const body = fc.oneof(
	fc.jsonValue(),
	fc.record(
		{
			trigger_type_code: fc.constantFrom('APIG', 'APIC', 'TIMER', '__proto__'),
			trigger_status: fc.oneof(fc.constantFrom('ACTIVE', 'DISABLED'), value),
			event_data: fc.oneof(
				value,
				fc.dictionary(fc.constantFrom('path', 'auth', 'group_id', 'func_info', 'name', '__proto__'), value),
			),
			tags: fc.oneof(value, fc.array(fc.record({ key: word, value: word }, { requiredKeys: ['key'] }))),
			name: word,
			content: word,
			count: value,
			tactics_config: fc.oneof(value, fc.record({ cron_configs: fc.array(value) })),
		},
		{ requiredKeys: [] },
	),
);

test('A-96: whatever stands in path, query and body of a call, the answer is never an internal error', async () => {
	assert.ok(TYPED.every((id) => OPERATIONS.some((operation) => operation.id === id)));
	const bed = await OperationsBed.open();
	bed.makeFunction('hello');
	try {
		const calls = fc.record({
			operation: fc.constantFrom(...OPERATIONS),
			parts: fc.array(word, { minLength: 4, maxLength: 4 }),
			query: fc.dictionary(
				fc.constantFrom(
					'marker',
					'limit',
					'maxitems',
					'urn',
					'function_urn',
					'start_time',
					'end_time',
					'type',
				),
				word,
			),
			body,
		});
		const answered = fc.asyncProperty(calls, async ({ operation, parts, query, body: sent }) => {
			const left = [...parts];
			const path = operation.path.replaceAll(/\{([^}]+)\}/g, (_all, name: string) =>
				encodeURIComponent(USUAL[name] ?? wellFormed(left.pop() ?? 'x')),
			);
			const text = new URLSearchParams(
				Object.entries(query).map(([name, given]) => [name, wellFormed(given)]),
			);
			const json = operation.method === 'GET' ? undefined : sent;
			const { status, headers } = await bed.fetch(operation.method, `${path}?${text}`, json);
			const code = headers.get('x-httpfn-error');
			assert.ok(status < 500 && code !== 'ERR_INTERNAL', `${operation.method} ${path} ${text}: ${code}`);
		});
		await fc.assert(answered, { numRuns: RUNS });
	} finally {
		await bed.close();
	}
});

/** Deeper than a name that is not there. */
const USUAL: Readonly<Record<string, string>> = {
	project_id: 'p1',
	function_urn: 'hello',
	func_urn: 'hello',
	resource_type: 'functions',
	resource_id: 'hello',
};

function wellFormed(text: string): string {
	const known = text.toWellFormed();
	// A client resolves dots itself, and an empty part is another path.
	return known === '' || known === '.' || known === '..' ? 'x' : known;
}

test.run();
