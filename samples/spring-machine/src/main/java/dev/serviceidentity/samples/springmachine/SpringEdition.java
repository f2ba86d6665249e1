// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.springmachine;

import static dev.serviceidentity.samples.shop.Member.ORDERS;
import static dev.serviceidentity.samples.shop.Member.PAYMENTS;
import static dev.serviceidentity.samples.shop.Member.WEB;

import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.samples.shop.Calls;
import dev.serviceidentity.samples.shop.Edition;
import dev.serviceidentity.samples.shop.Member;
import dev.serviceidentity.samples.shop.Outcome.Expected;
import dev.serviceidentity.samples.shop.Scenario;
import dev.serviceidentity.samples.shop.Shop;
import dev.serviceidentity.samples.shop.ShopService;
import dev.serviceidentity.samples.springshop.orders.OrdersApplication;
import dev.serviceidentity.samples.springshop.payments.PaymentsApplication;
import java.net.URI;
import java.util.List;
import java.util.Map;

/** The shop in which orders and payments are Spring Boot services. */
final class SpringEdition implements Edition {
  @Override
  public Map<Member, ShopService.Starter> starters() {
    return Map.of(
        ORDERS, place -> SpringService.start(OrdersApplication.application(), place),
        PAYMENTS,
            place -> {
              // Its plain twin has none.
              place.authorities().issueKeytab(PAYMENTS);
              return SpringService.start(PaymentsApplication.application(), place);
            });
  }

  @Override
  public List<Scenario> scenarios(Shop shop) {
    var calls = new Calls(shop);
    return List.of(
        new Scenario(
            ORDERS,
            PAYMENTS,
            "by RestClient, for an order of web's",
            Expected.admitted(MechanismName.MTLS, MechanismName.KERBEROS),
            () -> calls.onward(WEB, ORDERS, anOrder(shop), PAYMENTS)));
  }

  @Override
  public String commands(Shop shop) {
    return "\n\n# who may call orders now, by name and by network (its management port)\ncurl -s "
        + management(shop, ORDERS)
        + "/actuator/serviceidentity\n\n# why batch may not\ncurl -s "
        + management(shop, ORDERS)
        + "/actuator/serviceidentity/shop/batch";
  }

  /** Something that orders asks payments for. */
  static URI anOrder(Shop shop) {
    return URI.create(shop.service(ORDERS).uri() + "/7");
  }

  /** Where an operator asks a service of this edition. */
  static String management(Shop shop, Member member) {
    return ((SpringService) shop.service(member)).management();
  }
}
