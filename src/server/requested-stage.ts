import { USUAL_STAGE } from '../catalog/trigger-stage.ts';
import type { RoutedRequest } from '../gateway/router.ts';

const ASKED = /^x-stage:[ \t]*([^\r]*?)[ \t]*\r$/im;

/** The environment that a request asks for (documented: X-Stage). */
export function requestedStage({ noted, fieldLines }: Pick<RoutedRequest, 'noted' | 'fieldLines'>): string {
	return (noted ? ASKED.exec(fieldLines)?.[1] : undefined) ?? USUAL_STAGE;
}
