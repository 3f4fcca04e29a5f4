/** Versions: published from `latest`, and listed (documented: API reference, "Version Management"). */
import * as z from 'zod/mini';
import { RuntimeError } from '../../contract/errors.ts';
import { checkVersion } from '../../contract/function-name.ts';
import { findFunction } from '../find-function.ts';
import { functionAnswer } from '../functions/function-answer.ts';
import { functionSchema } from '../functions/function-schemas.ts';
import { judgeQuota } from '../functions/judge-quota.ts';
import { optionalText } from '../models/fields.ts';
import { descriptionText, judgeDescription } from '../models/judge-description.ts';
import { Mistakes } from '../models/mistakes.ts';
import type { Answer, Call, Operation } from '../operation.ts';
import { type MarkerQuery, markerFields, markerPage } from '../paging/marker-page.ts';

const ALL = '/v2/{project_id}/fgs/functions/{function_urn}/versions';
/** Versions a function may have besides latest (documented). */
const VERSIONS_MAX = 20;

export const VERSION_OPERATIONS: readonly Operation[] = [
	{
		id: 'listFunctionVersions',
		method: 'GET',
		path: ALL,
		summary: 'List the versions of a function, latest first.',
		right: 'read',
		query: () => z.looseObject(markerFields()),
		answer: {
			status: 200,
			schema: () =>
				z.object({ versions: z.array(functionSchema()), next_marker: z.number(), count: z.number() }),
		},
		run: list,
	},
	{
		id: 'createFunctionVersion',
		method: 'POST',
		path: ALL,
		summary: 'Publish latest as a version that never changes.',
		right: 'deploy',
		body: () =>
			z.looseObject({
				version: optionalText(),
				description: descriptionText(),
				digest: optionalText(),
			}),
		answer: { status: 200, schema: functionSchema },
		run: create,
	},
];

function list(call: Call): Answer {
	const { context } = call;
	const { record } = findFunction(call);
	const page = markerPage(call.query as MarkerQuery);
	const { records, nextMarker, count } = context.catalog.revisions.list(record.id, page);
	const versions = records.map((revision) => functionAnswer(context, record, revision));
	return { body: { versions, next_marker: nextMarker, count } };
}

/** Throws ERR_VERSION_INVALID, ERR_DESCRIPTION_INVALID, ERR_VERSION_COUNT, ERR_CODE_TOTAL, ERR_VERSION_EXISTS, ERR_VERSION_UNCHANGED. */
function create(call: Call): Answer {
	const { context } = call;
	const { record } = findFunction(call);
	const { version, description, digest } = call.body as Record<string, string | null | undefined>;
	const mistakes = new Mistakes();
	for (const problem of version ? checkVersion(version) : []) mistakes.add('ERR_VERSION_INVALID', problem);
	judgeDescription(description ?? '', mistakes);
	mistakes.throwAny();
	const { functions, revisions } = context.catalog;
	if (revisions.count(record.id) > VERSIONS_MAX) {
		throw new RuntimeError(
			'ERR_VERSION_COUNT',
			`${record.name} has ${VERSIONS_MAX} versions, which is the most there may be`,
		);
	}
	judgeQuota(functions, record.project, { functions: 0, codeBytes: record.latest.code.bytes });
	const published = revisions.publish(record.id, {
		...(version ? { version } : {}),
		description: description ?? '',
		...(digest ? { digest } : {}),
	});
	return { body: functionAnswer(context, record, published) };
}
