// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.serviceidentity.k8s.TestCluster;
import org.junit.jupiter.api.Test;

class PolicyViewTest {
  private final PolicyEngine first =
      PolicyEngine.compile(
          TestCluster.of(TestCluster.namespace("shop", "a: b")).facts(), Assumptions.DEFAULT);

  @Test
  @SuppressWarnings("NullAway")
  void aChangeThatGivesNoEngineLeavesTheLastOneInForce() {
    PolicyView view = PolicyView.of(first);

    assertThatNullPointerException()
        .isThrownBy(() -> view.update(engine -> null))
        .withMessage("changed engine");
    assertThat(view.engine()).isSameAs(first);
  }

  @Test
  void anUpdateGivesTheEngineThatIsThenInForce() {
    PolicyView view = PolicyView.of(first);

    PolicyEngine changed = view.update(engine -> engine.withoutNamespace("shop"));

    assertThat(view.engine()).isSameAs(changed).isNotSameAs(first);
  }
}
