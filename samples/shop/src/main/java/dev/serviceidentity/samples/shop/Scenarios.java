// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.shop;

import static dev.serviceidentity.identity.MechanismName.KERBEROS;
import static dev.serviceidentity.identity.MechanismName.MTLS;
import static dev.serviceidentity.samples.shop.Member.BATCH;
import static dev.serviceidentity.samples.shop.Member.ORDERS;
import static dev.serviceidentity.samples.shop.Member.PAYMENTS;
import static dev.serviceidentity.samples.shop.Member.WEB;
import static dev.serviceidentity.samples.shop.Outcome.Expected.admitted;
import static dev.serviceidentity.samples.shop.Outcome.Expected.challenged;
import static dev.serviceidentity.samples.shop.Outcome.Expected.refused;
import static dev.serviceidentity.samples.shop.Outcome.Expected.reported;

import dev.serviceidentity.access.Layer;
import dev.serviceidentity.samples.shop.Outcome.Expected;
import java.util.ArrayList;
import java.util.List;

/** The calls that are shown, in order, each with what it must come to. */
final class Scenarios {
  private final Calls calls;
  private final Intruder intruder;
  private final Rotation rotation;
  private final List<Scenario> scenarios = new ArrayList<>();

  private Scenarios(Shop shop) {
    this.calls = new Calls(shop);
    this.intruder = new Intruder(shop.authorities().ca());
    this.rotation = new Rotation(shop);
  }

  static List<Scenario> of(Shop shop) {
    var all = new Scenarios(shop);
    all.honest();
    all.unwanted();
    all.hostile();
    all.changing();
    return List.copyOf(all.scenarios);
  }

  private void honest() {
    add(WEB, ORDERS, "Kerberos ticket", admitted(KERBEROS), () -> calls.byKerberos(WEB, ORDERS));
    add(
        ORDERS,
        PAYMENTS,
        "mutual TLS",
        admitted(MTLS),
        () -> calls.byCertificate(ORDERS, PAYMENTS));
    add(WEB, ORDERS, "both at once", admitted(KERBEROS, MTLS), () -> calls.byBoth(WEB, ORDERS));
  }

  private void unwanted() {
    add(
        BATCH,
        PAYMENTS,
        "an allowed caller, but no policy",
        refused(403, MTLS, Layer.NETWORK, "POLICY_DENIES"),
        () -> calls.byCertificate(BATCH, PAYMENTS));
    add(
        BATCH,
        ORDERS,
        "a policy, but no allowed caller",
        refused(403, MTLS, Layer.CALLER, "NOT_ALLOWED"),
        () -> calls.byCertificate(BATCH, ORDERS));
    add(WEB, ORDERS, "no credentials", challenged(), () -> calls.byNothing(WEB, ORDERS));
  }

  private void hostile() {
    add(
        WEB,
        ORDERS,
        "web's captured ticket, again",
        refused(401, KERBEROS, Layer.IDENTITY, "REPLAYED"),
        () -> calls.byReplayedTicket(WEB, ORDERS));
    add(
        BATCH,
        PAYMENTS,
        "with orders' certificate and key",
        refused(403, MTLS, Layer.BINDING, "WRONG_WORKLOAD"),
        () -> calls.byStolenCertificate(ORDERS, BATCH, PAYMENTS));
    add(
        ORDERS,
        PAYMENTS,
        "certificate of another trust domain",
        refused(Outcome.NO_RESPONSE, MTLS, Layer.IDENTITY, "UNKNOWN_TRUST_DOMAIN"),
        () -> calls.refusedInHandshake(ORDERS, PAYMENTS, intruder.foreign(ORDERS)));
    add(
        ORDERS,
        PAYMENTS,
        "expired certificate",
        refused(Outcome.NO_RESPONSE, MTLS, Layer.IDENTITY, "EXPIRED"),
        () -> calls.refusedInHandshake(ORDERS, PAYMENTS, intruder.expired(ORDERS)));
  }

  private void changing() {
    add(
        PAYMENTS,
        BATCH,
        "no policy, but batch only reports",
        reported(MTLS, Layer.NETWORK, "POLICY_DENIES"),
        () -> calls.byCertificate(PAYMENTS, BATCH));
    add(
        ORDERS,
        PAYMENTS,
        "after every certificate was rotated",
        admitted(MTLS),
        () -> {
          rotation.rotateAll();
          return calls.byNewCertificate(ORDERS, PAYMENTS);
        });
  }

  private void add(Member from, Member to, String title, Expected expected, Scenario.Call call) {
    scenarios.add(new Scenario(from, to, title, expected, call));
  }
}
