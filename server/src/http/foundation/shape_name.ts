/** The schema names that the OpenAPI document derives from an operation: send_message has a SendMessageRequest. */
export function shapeName(operation: string, kind: 'Request' | 'Operation'): string {
  return operation.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase()) + kind;
}
