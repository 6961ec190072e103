import { coordinationContract } from "./coordination.contract.ts";
import { createLocalCoordination } from "./local-coordination.ts";

coordinationContract(createLocalCoordination);
