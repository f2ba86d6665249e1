// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.assertions;

import dev.serviceidentity.audit.AccessEvent;
import dev.serviceidentity.audit.AccessEvent.Decision;
import dev.serviceidentity.audit.InMemorySink;
import dev.serviceidentity.caller.Reason;
import dev.serviceidentity.identity.PrincipalId;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions on what was recorded. Each looks for the oldest event that fits and waits for it, five
 * seconds at most unless told otherwise; a failure lists what was recorded instead.
 */
public final class RecordedEventsAssert extends AbstractAssert<RecordedEventsAssert, InMemorySink> {
  private Duration patience = Duration.ofSeconds(5);

  RecordedEventsAssert(InMemorySink actual) {
    super(actual, RecordedEventsAssert.class);
  }

  /**
   * Waits longer or shorter.
   *
   * @param limit for the assertions that follow
   * @return this
   */
  public RecordedEventsAssert within(Duration limit) {
    this.patience = Objects.requireNonNull(limit, "limit");
    return this;
  }

  /**
   * A request of this principal was admitted.
   *
   * @param principal the canonical text, or a SPIFFE ID for mTLS
   * @return the event, for more assertions
   */
  public AccessEventAssert hasAdmitted(String principal) {
    PrincipalId caller = PrincipalId.parse(principal);
    return hasEvent(
        "an admission of " + caller,
        event ->
            event.outcome().decision() == Decision.ADMITTED
                && event.proof().principals().contains(caller));
  }

  /**
   * A request was refused for this reason.
   *
   * @param reason the stable code
   * @return the event, for more assertions
   */
  public AccessEventAssert hasRefused(Reason reason) {
    return hasEvent(
        "a refusal for " + reason.name(),
        event ->
            event.outcome().decision() == Decision.REFUSED
                && reason.name().equals(event.outcome().reason()));
  }

  /**
   * Some event was recorded.
   *
   * @param what names it in a failure
   * @param wanted which event; quick, called under the sink's lock
   * @return the event, for more assertions
   */
  public AccessEventAssert hasEvent(String what, Predicate<AccessEvent> wanted) {
    isNotNull();
    try {
      return actual
          .await(wanted, patience)
          .map(AccessEventAssert::new)
          .orElseThrow(
              () ->
                  failure("Expected %s within %s, but recorded were:%n%s", what, patience, all()));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw failure("Interrupted while waiting for %s", what);
    }
  }

  private String all() {
    List<AccessEvent> events = actual.events();
    return events.isEmpty()
        ? "  none"
        : events.stream().map(event -> "  " + event.summary()).collect(Collectors.joining("\n"));
  }
}
