drop role r force
