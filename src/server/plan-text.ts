import type { FunctionPlan } from '../config/function-plan.ts';

/** The order in which a file names things is no difference. */
export function planText(plan: FunctionPlan): string {
	return JSON.stringify(plan, (_key, value: unknown) => {
		if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
		return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
	});
}
