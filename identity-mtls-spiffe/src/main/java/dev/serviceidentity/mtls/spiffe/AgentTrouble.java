// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import static dev.serviceidentity.identity.IdentityException.Code.AUTHORITY_UNREACHABLE;
import static dev.serviceidentity.identity.IdentityException.Code.CONFIGURATION;
import static dev.serviceidentity.identity.IdentityException.Code.REFUSED;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.spi.ForeignText;
import io.grpc.Status;

/** Why an exchange has ended, in words that say what to do. */
final class AgentTrouble {
  private AgentTrouble() {}

  static IdentityException of(Status status, WorkloadApi api) {
    return switch (status.getCode()) {
      case OK, CANCELLED ->
          trouble(
              AUTHORITY_UNREACHABLE,
              api,
              "says no more" + said(status),
              "an agent does that while it is restarted, else see its log");
      case PERMISSION_DENIED ->
          trouble(
              REFUSED,
              api,
              "has no registration entry for this process" + said(status),
              "register the workload with selectors that match it (spire-server entry create) and"
                  + " wait until its agent knows");
      case UNIMPLEMENTED ->
          trouble(
              CONFIGURATION,
              api,
              "does not know the question" + said(status),
              "let the address be that of a SPIFFE Workload API");
      case INVALID_ARGUMENT ->
          trouble(
              REFUSED,
              api,
              "does not take the question" + said(status),
              "see the log of the agent, and correct audience or svid(...) if it names them");
      case RESOURCE_EXHAUSTED ->
          trouble(
              REFUSED,
              api,
              "sends more than is accepted, or is overloaded" + said(status),
              "an answer has at most "
                  + Agent.MOST_BYTES
                  + " bytes; let the workload have fewer registrations or federated bundles");
      case DEADLINE_EXCEEDED ->
          trouble(
              AUTHORITY_UNREACHABLE,
              api,
              "does not answer in time" + said(status),
              "see the log of the agent");
      default -> unreachable(status, api);
    };
  }

  private static IdentityException unreachable(Status status, WorkloadApi api) {
    return new IdentityException(
        AUTHORITY_UNREACHABLE,
        "The Workload API at "
            + api
            + " cannot be reached ("
            + status.getCode()
            + said(status)
            + "); is the agent running, its socket mounted here, and may this process's user open"
            + " it?",
        status.getCause());
  }

  private static IdentityException trouble(Code code, WorkloadApi api, String what, String cure) {
    return new IdentityException(code, "The Workload API at " + api + " " + what + "; " + cure);
  }

  private static String said(Status status) {
    String text = status.getDescription();
    Throwable cause = status.getCause();
    if (cause != null && cause.getMessage() != null) {
      text = cause.getMessage();
    }
    return text == null || text.isEmpty() ? "" : ": " + ForeignText.quote(text);
  }
}
