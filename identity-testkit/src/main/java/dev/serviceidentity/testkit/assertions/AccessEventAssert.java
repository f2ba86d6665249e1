// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit.assertions;

import dev.serviceidentity.access.Layer;
import dev.serviceidentity.audit.AccessEvent;
import dev.serviceidentity.audit.AccessEvent.Decision;
import dev.serviceidentity.caller.Reason;
import dev.serviceidentity.identity.PrincipalId;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;

/** Assertions on one recorded event; each failure shows the event in one line. */
public final class AccessEventAssert extends AbstractAssert<AccessEventAssert, AccessEvent> {
  AccessEventAssert(AccessEvent actual) {
    super(actual, AccessEventAssert.class);
  }

  /**
   * It tells of an admission.
   *
   * @return this
   */
  public AccessEventAssert isAdmission() {
    return matching("decision", event().outcome().decision(), Decision.ADMITTED);
  }

  /**
   * It tells of a refusal for this reason.
   *
   * @param reason the stable code
   * @return this
   */
  public AccessEventAssert isRefusalFor(Reason reason) {
    return matching("decision", event().outcome().decision(), Decision.REFUSED)
        .matching("reason", event().outcome().reason(), reason.name());
  }

  /**
   * This layer refused, or would have.
   *
   * @param layer the layer
   * @return this
   */
  public AccessEventAssert atLayer(Layer layer) {
    return matching("layer", event().outcome().layer(), layer);
  }

  /**
   * The caller proved to be this principal.
   *
   * @param principal the canonical text, or a SPIFFE ID for mTLS
   * @return this
   */
  public AccessEventAssert by(String principal) {
    Assertions.assertThat(event().proof().principals())
        .describedAs("principals of: %s", actual.summary())
        .contains(PrincipalId.parse(principal));
    return this;
  }

  /**
   * The request was judged by this source address.
   *
   * @param address as the event has it
   * @return this
   */
  public AccessEventAssert from(String address) {
    return matching("source", event().source().effective(), address);
  }

  /**
   * It was this request.
   *
   * @param method the HTTP method
   * @param path the path or its template
   * @return this
   */
  public AccessEventAssert forRequest(String method, String path) {
    return matching("method", event().request().method(), method)
        .matching("path", event().request().path(), path);
  }

  /**
   * The detail holds all of these.
   *
   * @param parts words of it
   * @return this
   */
  public AccessEventAssert explaining(String... parts) {
    Assertions.assertThat(event().outcome().detail()).contains(parts);
    return this;
  }

  private AccessEvent event() {
    isNotNull();
    return actual;
  }

  private AccessEventAssert matching(String what, @Nullable Object found, Object expected) {
    Assertions.assertThat(found)
        .describedAs("%s of: %s", what, actual.summary())
        .isEqualTo(expected);
    return this;
  }
}
