// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import static dev.serviceidentity.identity.IdentityException.Code.REFUSED;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.mtls.SpiffeId;
import dev.serviceidentity.spi.ForeignText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which of the SVIDs in an answer is this service's. X509SVID and JWTSVID have their ID in the same
 * field.
 *
 * @param trustDomain that the ID must be of
 * @param id the whole ID, or null for the first SVID, which is the one to use by default (Workload
 *     API, section 5.3)
 */
record SvidChoice(String trustDomain, @Nullable String id) {
  private static final int ID_FIELD = 1;

  /** An SVID and the ID that it says. */
  record Chosen(SpiffeId id, WireMessage svid) {}

  /** Checks an ID that the user has chosen. */
  static String requireWorkload(String text) {
    if (SpiffeId.parse(text).path().isEmpty()) {
      throw new IllegalArgumentException(
          ForeignText.quote(text) + " is a trust domain; a workload's ID has a path");
    }
    return text;
  }

  /**
   * Chooses.
   *
   * @throws IdentityException if none of them is it
   */
  Chosen from(List<WireMessage> svids, WorkloadApi api) {
    if (svids.isEmpty()) {
      throw refused(api, "has sent no SVID", "see the registration of this workload");
    }
    var ids = new ArrayList<String>();
    for (WireMessage svid : svids) {
      String each = svid.text(ID_FIELD);
      if (id == null || id.equals(each)) {
        return new Chosen(ofTrustDomain(each, api), svid);
      }
      ids.add(ForeignText.quote(each));
    }
    throw refused(
        api,
        "has sent no SVID for " + id + " but for " + String.join(", ", ids),
        "correct svid(...), or the registration of this workload");
  }

  private SpiffeId ofTrustDomain(String text, WorkloadApi api) {
    SpiffeId parsed;
    try {
      parsed = SpiffeId.parse(text);
    } catch (IllegalArgumentException e) {
      throw refused(api, "has sent an SVID of which " + e.getMessage(), "see the agent's log");
    }
    if (!parsed.trustDomain().equals(trustDomain)) {
      throw refused(
          api,
          "has sent an SVID for " + parsed + ", not of the configured trust domain " + trustDomain,
          "correct trustDomain(...) or the registration of this workload");
    }
    return parsed;
  }

  static IdentityException refused(WorkloadApi api, String what, String cure) {
    return new IdentityException(REFUSED, "The Workload API at " + api + " " + what + "; " + cure);
  }
}
