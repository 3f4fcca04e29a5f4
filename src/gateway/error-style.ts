import type { RequestHead } from '../http1/request-head.ts';
import type { ErrorStyle } from './exchange-client.ts';
import type { GatewayContext } from './gateway-context.ts';

const PLAIN: ErrorStyle = { family: 'APIG', lines: '' };
/** What browsers send for a page, and programs do not. */
const ASKS_FOR_PAGE = /^accept:[^\r]*\btext\/html\b/im;

/** How this client is told of an error; `style` is how who called an API is. `head` is null where the request could not be read. */
export function errorStyle(
	{ errorPages }: Pick<GatewayContext, 'errorPages'>,
	head: RequestHead | null,
	style: ErrorStyle = PLAIN,
): ErrorStyle {
	return errorPages && head !== null && ASKS_FOR_PAGE.test(head.fieldLines)
		? { ...style, page: true }
		: style;
}
